/**
 * The preview in the lab: follows the published ports from the start, and loads the rest when it is first opened.
 */
import { EngineClient } from '../../guest/engine/client.ts';
import { localeTags } from '../../site/i18n/index.ts';
import { fillTemplate } from '../../shared/locale.ts';
import type { LabContext } from '../context.ts';
import { h } from '../dom.ts';
import { addressOfPort } from './address.ts';
import { LocalBackend } from './backend.ts';
import { PortWatch } from './ports.ts';
import type { PreviewView } from './view.ts';
import { PreviewWindows } from './windows.ts';

export interface PreviewPartOptions {
  readonly slot: HTMLElement;
  /** In the lab's bar; gets the number of services. */
  readonly button: HTMLButtonElement;
  /** Address of the site's page for previews. */
  readonly page: string;
  readonly onLeave: (back: boolean) => void;
}

export class PreviewPart {
  readonly #context: LabContext;
  readonly #options: PreviewPartOptions;
  readonly #watch = new PortWatch();
  readonly #backend: LocalBackend;
  readonly #badge = h('span', { class: 'dd-badge', hidden: true, 'aria-hidden': 'true' });
  readonly windows: PreviewWindows;
  #view: Promise<PreviewView> | undefined;
  #shownView: PreviewView | undefined;

  constructor(context: LabContext, options: PreviewPartOptions) {
    const { strings, session, locale } = context;
    this.#context = context;
    this.#options = options;
    options.button.append(this.#badge);
    this.#backend = new LocalBackend({
      network: { connect: (port, signal) => session.connect(port, signal), clock: session.clock },
      watch: this.#watch,
      strings,
      language: localeTags[locale],
      runs: () => session.agent !== undefined,
      onUse: () => context.deeds.emit(),
    });
    this.windows = new PreviewWindows(this.#backend, options.page);
    let following: AbortController | undefined;
    session.onAgent((agent) => {
      following?.abort();
      following = agent && new AbortController();
      if (agent === undefined || following === undefined) return;
      this.#backend.forget();
      void this.#watch.follow(new EngineClient(agent), following.signal);
    });
    this.#watch.onNews(({ ports, added }) => {
      this.#badge.hidden = ports.length === 0;
      this.#badge.textContent = String(ports.length);
      // The number alone says little to who does not see where it stands.
      options.button.setAttribute('aria-description', ports.map(({ container, port }) => fillTemplate(strings.previewPortOf, { container, port })).join('; '));
      const [first] = added;
      if (first !== undefined) context.announcer.say(fillTemplate(strings.previewNewPort, { container: first.container, port: first.port }));
    });
  }

  /** Brings the view into its slot, with an address or the only service there is. Rejects if its code cannot be loaded. */
  async show(address?: string): Promise<void> {
    this.#view ??= this.#create();
    try {
      this.#shownView = await this.#view;
    } catch (error) {
      this.#view = undefined;
      throw error;
    }
    const [first, ...others] = this.#watch.ports;
    if (address !== undefined) this.#shownView.navigate(address);
    else if (this.#shownView.isIdle && first !== undefined && others.length === 0) this.#shownView.navigate(addressOfPort(first.port));
    this.#shownView.focus();
  }

  focus(): void {
    this.#shownView?.focus();
  }

  async #create(): Promise<PreviewView> {
    const { strings, locale, announcer } = this.#context;
    const { slot, onLeave } = this.#options;
    const { PreviewView: View } = await import('./view.ts');
    const heard = h('p', { class: 'dd-only-heard', role: 'status', 'aria-live': 'polite' });
    const view = new View({
      backend: this.#backend, locale, strings, onLeave,
      openWindow: (address) => {
        if (!this.windows.open(address)) announcer.say(strings.previewBlocked);
      },
      say: (text) => {
        heard.textContent = text;
      },
    });
    slot.replaceChildren(view.element, heard);
    return view;
  }
}
