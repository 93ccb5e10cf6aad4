/**
 * The access log of the network's registries: which host was asked for what, and what it sent. It shows which mirror
 * served a pull. The page keeps it by itself, so that it costs the machine nothing and knows what happened before it was opened.
 */
import type { RegistryAccess } from '../../../network/registry/access-log.ts';
import { fillTemplate } from '../../../shared/locale.ts';
import type { LabContext } from '../../context.ts';
import { h, textButton } from '../../dom.ts';
import { formatBytes } from '../../machine/progress.ts';
import type { EngineView } from '../part.ts';
import { stickToEnd } from '../stick-to-end.ts';
import { askedInWords, outcomeInWords, servedBytes } from './words.ts';

/** More than anybody scrolls back; a pull makes about ten. */
const mostRows = 300;
/** A pull asks many things within a moment; a screen reader is told the sum once. */
const settleMilliseconds = 1000;

export class AccessList implements EngineView {
  readonly element: HTMLElement;
  readonly #context: LabContext;
  readonly #accesses: RegistryAccess[] = [];
  readonly #rows = h('tbody', {});
  readonly #table: HTMLElement;
  readonly #status = h('p', { class: 'dd-engine-note', role: 'status', 'data-testid': 'accesses-summary' });
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(context: LabContext) {
    const { strings, session } = context;
    this.#context = context;
    const heads = [strings.accessTime, strings.accessHost, strings.accessRequest, strings.accessStatus, strings.accessBytes];
    this.#table = h('table', { class: 'dd-accesses', 'aria-label': strings.engineRegistry, 'data-testid': 'accesses' },
      h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col' }, head)))),
      this.#rows);
    this.element = h('div', {}, h('div', { class: 'dd-requests-head' }, this.#status, textButton(strings.clearRequests, () => this.#clear())), this.#table);
    this.#summarize();
    session.onRegistryAccess((access) => this.#add(access));
  }

  /** Nothing to begin: the page is told of each request anyway. */
  async follow(): Promise<void> {
    this.#summarize();
  }

  #add(access: RegistryAccess): void {
    this.#accesses.push(access);
    const row = this.#row(access);
    stickToEnd(this.#table, () => {
      this.#rows.append(row);
      while (this.#accesses.length > mostRows) {
        this.#accesses.shift();
        this.#rows.firstElementChild?.remove();
      }
    });
    this.#timer ??= setTimeout(() => this.#summarize(), settleMilliseconds);
  }

  #row(access: RegistryAccess): HTMLElement {
    const { strings } = this.#context;
    const { time, host, method, path, status, bytes, complete } = access;
    const outcome = outcomeInWords(access, strings);
    return h('tr', {},
      h('td', {}, h('time', { datetime: new Date(time).toISOString() }, new Date(time).toLocaleTimeString(undefined, { hour12: false }))),
      h('td', { translate: 'no' }, host),
      h('td', {}, h('strong', { class: 'dd-access-words' }, askedInWords(path, strings)), ' ',
        h('code', { class: 'dd-access-line', translate: 'no', title: `${method} ${path}` }, `${method} ${readable(path)}`)),
      h('td', {}, h('span', { class: 'dd-request-status', 'data-tone': toneOf(status, complete) }, String(status)), outcome !== '' && h('span', { class: 'dd-access-outcome' }, outcome)),
      h('td', { class: 'dd-access-bytes' }, formatBytes(bytes)));
  }

  #summarize(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { strings, locale } = this.#context;
    const served = servedBytes(this.#accesses).map(([host, bytes]) => fillTemplate(strings.accessServed, { host, size: formatBytes(bytes) }));
    const sum = fillTemplate(strings.accessSum, { count: this.#accesses.length });
    const text = this.#accesses.length === 0 ? strings.noAccesses : [sum, ...(served.length > 0 ? [served.join(locale === 'zh-cn' ? '，' : ', ')] : [])].join(locale === 'zh-cn' ? '；' : '; ');
    if (this.#status.textContent !== text) this.#status.textContent = text;
    this.#table.hidden = this.#accesses.length === 0;
  }

  #clear(): void {
    this.#accesses.length = 0;
    this.#rows.replaceChildren();
    this.#summarize();
  }
}

/** 401 is a step of each pull, not a failure. */
function toneOf(status: number, complete: boolean): 'fine' | 'busy' | 'error' {
  if (!complete || (status >= 400 && status !== 401)) return 'error';
  return status >= 300 ? 'busy' : 'fine';
}

/** Without what repeats in each line: the scope of a token is said in words, and digests are long. */
function readable(path: string): string {
  return path.replace(/\?.*$/, '').replace(/[0-9a-f]{64}/g, (id) => `${id.slice(0, 12)}…`);
}
