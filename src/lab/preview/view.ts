/** A preview as the learner uses it: address bar, history, and below it the page, an error, a file or a choice of services. */
import { describeError, DrydockError } from '../../shared/errors.ts';
import { fillTemplate } from '../../shared/locale.ts';
import { h, icon, iconButton } from '../dom.ts';
import type { Locale, Strings } from '../page-data.ts';
import { addressOfPort, parseAddress, withoutFragment } from './address.ts';
import type { PageRequest, PreviewBackend } from './backend.ts';
import { errorCard, fileCard, idleCard } from './cards.ts';
import { PreviewHistory } from './history.ts';
import { PageFrame } from './page-frame.ts';
import type { PageDocument, ToView } from './protocol.ts';
import { PortChooser } from './port-chooser.ts';

export interface PreviewViewOptions {
  readonly backend: PreviewBackend;
  readonly locale: Locale;
  readonly strings: Strings;
  /** Opens an address in a window of its own; without it there is no button for that. */
  readonly openWindow?: (address: string) => void;
  /** The focus leaves the page by F6. */
  readonly onLeave?: (back: boolean) => void;
  readonly onTitle?: (title: string, address: string) => void;
  /** Says something to who listens instead of looking. */
  readonly say: (text: string) => void;
}

type Mode = 'push' | 'replace' | 'stay';

export class PreviewView {
  readonly element: HTMLElement;
  readonly #options: PreviewViewOptions;
  readonly #history = new PreviewHistory();
  readonly #address: HTMLInputElement;
  readonly #content = h('div', { class: 'dd-preview-content' });
  readonly #back: HTMLButtonElement;
  readonly #forward: HTMLButtonElement;
  readonly #reload: HTMLButtonElement;
  readonly #progress = h('div', { class: 'dd-preview-progress', 'aria-hidden': 'true' });
  #loading: AbortController | undefined;
  #frame: PageFrame | undefined;
  #documents = 0;
  /** The document in the frame, by its number in the history. */
  #shown = -1;

  constructor(options: PreviewViewOptions) {
    const { strings, backend, openWindow } = options;
    this.#options = options;
    this.#address = h('input', {
      type: 'text', class: 'dd-preview-address', 'aria-label': strings.previewAddress, placeholder: 'http://localhost:8080/', inputmode: 'url',
      autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', 'data-testid': 'preview-address',
    });
    this.#back = iconButton('back', strings.previewBack, () => this.#go(-1), { 'aria-disabled': 'true', 'data-testid': 'preview-back' });
    this.#forward = iconButton('forward', strings.previewForward, () => this.#go(1), { 'aria-disabled': 'true', 'data-testid': 'preview-forward' });
    this.#reload = iconButton('reset', strings.previewReload, () => (this.#loading === undefined ? this.reload() : this.#stop()), { 'data-testid': 'preview-reload' });
    const form = h('form', { class: 'dd-preview-bar', role: 'toolbar', 'aria-label': strings.previewPart },
      this.#back, this.#forward, this.#reload, this.#address,
      new PortChooser(backend, strings, (port) => this.navigate(addressOfPort(port))).element,
      openWindow && iconButton('window', strings.previewNewWindow, () => openWindow(this.#history.current?.url ?? this.#address.value), { 'data-testid': 'preview-window' }));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.navigate(this.#address.value);
    });
    this.#address.addEventListener('focus', () => this.#address.select());
    this.#address.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      this.#address.value = this.#history.current?.url ?? '';
      this.#address.select();
    });
    this.element = h('section', { class: 'dd-preview', 'aria-label': strings.previewPart, 'data-testid': 'preview' }, form, this.#progress, this.#content);
    this.#showIdle();
    backend.onPorts(() => {
      if (this.#history.current === undefined && this.#loading === undefined) this.#showIdle();
    });
  }

  /** The address that is shown or on its way; empty before the first. */
  get address(): string {
    return this.#address.value;
  }

  /** Whether anything was opened yet. */
  get isIdle(): boolean {
    return this.#history.current === undefined && this.#loading === undefined;
  }

  /** Goes to what was typed or chosen. */
  navigate(typed: string): void {
    const present = URL.parse(this.#history.current?.url ?? '') ?? undefined;
    const url = parseAddress(typed, present);
    if (url === undefined) {
      this.#showError(new DrydockError('preview-bad-address', { address: typed }), () => this.#address.focus());
      return;
    }
    this.#address.value = url.href;
    void this.#load({ ...get(url.href), referrer: '' }, this.#history.current?.url === url.href ? 'replace' : 'push');
  }

  reload(): void {
    const address = this.#history.current?.url ?? this.#address.value;
    if (address.trim() === '') return;
    if (this.#history.current === undefined) this.navigate(address);
    else void this.#load({ ...get(address), reload: true }, 'replace');
  }

  focus(): void {
    this.#address.focus();
  }

  dispose(): void {
    this.#loading?.abort();
    this.#frame?.dispose();
  }

  #stop(): void {
    this.#loading?.abort();
    this.#loading = undefined;
    this.#showState();
    this.#address.value = this.#history.current?.url ?? this.#address.value;
  }

  #go(delta: number): void {
    const entry = this.#history.go(delta);
    if (entry === undefined) return;
    this.#address.value = entry.url;
    if (entry.document === this.#shown && this.#frame !== undefined) {
      this.#frame.send({ type: 'popstate', url: entry.url, state: entry.state });
      this.#showState();
      return;
    }
    void this.#load(get(entry.url), 'stay');
  }

  /** Loads a page and shows it, or what is wrong. The one before stays until there is an answer. */
  async #load(request: PageRequest, mode: Mode): Promise<void> {
    const { backend, strings, say, locale } = this.#options;
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    this.#showState();
    say(fillTemplate(strings.previewLoading, { address: request.url }));
    try {
      const answer = await backend.load(request, loading.signal);
      if (loading.signal.aborted) return;
      this.#loading = undefined;
      if (answer.kind === 'nothing') this.#address.value = this.#history.current?.url ?? this.#address.value;
      else if (answer.kind === 'file') this.#show(fileCard(answer.name, answer.bytes, strings));
      else {
        this.#note(answer.page.url, mode);
        this.#showPage({ ...answer.page, state: this.#history.current?.state ?? null });
      }
    } catch (error) {
      if (loading.signal.aborted) return;
      this.#loading = undefined;
      this.#note(request.url, mode);
      this.#showError(error, () => void this.#load({ ...request, reload: true }, 'replace'));
      say(describeError(error, locale).title);
    }
    this.#showState();
  }

  #note(url: string, mode: Mode): void {
    const document = ++this.#documents;
    const state = mode === 'push' ? null : (this.#history.current?.state ?? null);
    const entry = { url, document, state };
    if (mode === 'push') this.#history.push(entry);
    else this.#history.replace(entry);
    this.#shown = document;
    this.#address.value = url;
  }

  #showPage(page: PageDocument): void {
    const { strings, backend, say } = this.#options;
    const frame: PageFrame = new PageFrame({
      title: fillTemplate(strings.previewPage, { address: withoutFragment(page.url) }),
      page,
      serve: (port) => backend.serve(port, page.url),
      onMessage: (message) => this.#onMessage(message, page),
      onReload: () => void this.#load({ ...get(this.#history.current?.url ?? page.url), reload: true }, 'replace'),
      onLeft: (address) => this.#showError(new DrydockError('preview-left', { address: address || 'about:blank' }), () => this.reload()),
    });
    this.#show(frame.element, frame);
    this.#options.onTitle?.('', page.url);
    say(fillTemplate(strings.previewLoaded, { title: page.url }));
  }

  #onMessage(message: ToView, page: PageDocument): void {
    switch (message.type) {
      case 'written':
        return;
      case 'title':
        this.#options.onTitle?.(message.title, this.#history.current?.url ?? page.url);
        return;
      case 'navigate':
        this.#onNavigate(message);
        return;
      case 'state': {
        const url = URL.parse(message.url);
        if (url === null || url.origin !== new URL(page.url).origin) return;
        const entry = { url: url.href, document: this.#shown, state: message.state };
        if (message.replace) this.#history.replace(entry);
        else this.#history.push(entry);
        if (document.activeElement !== this.#address) this.#address.value = url.href;
        this.#showState();
        return;
      }
      case 'traverse':
        this.#go(message.delta);
        return;
      case 'leave':
        this.#options.onLeave?.(message.back);
        return;
    }
  }

  #onNavigate({ url, method, contentType, body, replace, newWindow }: Extract<ToView, { type: 'navigate' }>): void {
    const referrer = URL.parse(this.#history.current?.url ?? '');
    const same = referrer !== null && URL.parse(url)?.origin === referrer.origin;
    if (newWindow && method === 'GET' && this.#options.openWindow !== undefined && navigator.userActivation?.isActive !== false) {
      this.#options.openWindow(url);
      return;
    }
    const reload = replace && url === referrer?.href;
    void this.#load({ url, method, contentType, body, reload, referrer: referrer === null ? '' : same ? withoutFragment(referrer) : `${referrer.origin}/` }, replace ? 'replace' : 'push');
  }

  #showIdle(): void {
    const { backend, strings } = this.#options;
    this.#show(idleCard(backend.ports, strings, (port) => this.navigate(addressOfPort(port))));
  }

  #showError(error: unknown, retry: () => void): void {
    const { locale, strings } = this.#options;
    this.#show(errorCard(error, locale, strings, retry));
  }

  #show(content: HTMLElement, frame?: PageFrame): void {
    this.#frame?.dispose();
    this.#frame = frame;
    this.#content.replaceChildren(content);
  }

  #showState(): void {
    const { strings } = this.#options;
    const loading = this.#loading !== undefined;
    // Not disabled: that would take the focus away from the button just pressed. Where there is no way `#go` does nothing.
    this.#back.setAttribute('aria-disabled', String(!this.#history.canGo(-1)));
    this.#forward.setAttribute('aria-disabled', String(!this.#history.canGo(1)));
    this.element.toggleAttribute('data-loading', loading);
    this.#content.setAttribute('aria-busy', String(loading));
    const label = loading ? strings.previewStop : strings.previewReload;
    if (this.#reload.title === label) return;
    this.#reload.title = label;
    this.#reload.setAttribute('aria-label', label);
    this.#reload.replaceChildren(icon(loading ? 'close' : 'reset'));
  }
}

function get(url: string): PageRequest {
  return { url, method: 'GET', contentType: '', body: null, referrer: '', reload: false };
}

