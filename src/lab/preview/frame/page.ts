/** The page that the frame shows: where it believes to be, and what is known of it. */
import type { PageDocument } from '../protocol.ts';
import type { Bridge } from './bridge.ts';

export class Page {
  readonly bridge: Bridge;
  readonly document: PageDocument;
  /** Its address, as `location` tells it; scripts may change path and fragment. */
  url: URL;

  constructor(bridge: Bridge, document: PageDocument) {
    this.bridge = bridge;
    this.document = document;
    this.url = new URL(document.url);
  }

  /** An address in the page as an absolute one; `undefined` if it is none. */
  resolve(address: string, base: string = document.baseURI): URL | undefined {
    return URL.parse(address.trim(), base) ?? undefined;
  }

  /** Takes the page away; a fragment of the document that is shown only moves within it. */
  navigate(address: string, options: { replace?: boolean; newWindow?: boolean } = {}): void {
    const url = this.resolve(address);
    if (url === undefined) throw new DOMException(`“${address}” is not an address`, 'SyntaxError');
    this.open(url, { ...options, method: 'GET', contentType: '', body: null });
  }

  open(url: URL, how: { replace?: boolean; newWindow?: boolean; method: 'GET' | 'POST'; contentType: string; body: ArrayBuffer | null }): void {
    const { replace = false, newWindow = false, method, contentType, body } = how;
    if (url.protocol === 'javascript:') return;
    if (!newWindow && method === 'GET' && url.hash !== '' && sameDocument(url, this.url)) {
      this.goToFragment(url, replace);
      return;
    }
    this.bridge.tell({ type: 'navigate', url: url.href, method, contentType, body, replace, newWindow });
  }

  goToFragment(url: URL, replace: boolean, tell = true): void {
    const oldURL = this.url.href;
    this.url = url;
    if (tell) this.bridge.tell({ type: 'state', url: url.href, replace, state: null });
    this.scrollToFragment();
    if (oldURL === url.href) return;
    dispatchEvent(new PopStateEvent('popstate', { state: null }));
    dispatchEvent(new HashChangeEvent('hashchange', { oldURL, newURL: url.href }));
  }

  scrollToFragment(): void {
    const raw = this.url.hash.slice(1);
    if (raw === '') return;
    const target = document.getElementById(raw) ?? document.getElementById(decode(raw)) ?? document.querySelector(`a[name="${CSS.escape(decode(raw))}"]`);
    if (target === null && raw.toLowerCase() === 'top') scrollTo(0, 0);
    target?.scrollIntoView();
  }
}

export function sameDocument(a: URL, b: URL): boolean {
  return a.origin === b.origin && a.pathname === b.pathname && a.search === b.search;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
