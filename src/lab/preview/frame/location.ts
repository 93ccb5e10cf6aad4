/** `location` and `history` as the page's scripts see them: rewritten scripts use these in place of the frame's own. */
import { locationName } from '../rewrite/script.ts';
import { put, putAccessor } from './natives.ts';
import type { Page } from './page.ts';

type Part = 'protocol' | 'host' | 'hostname' | 'port' | 'pathname' | 'search' | 'hash';
const parts: readonly Part[] = ['protocol', 'host', 'hostname', 'port', 'pathname', 'search', 'hash'];

export function installLocation(page: Page): void {
  const location: Record<string, unknown> = Object.create({ toString: () => page.url.href });
  putAccessor(location, 'href', () => page.url.href, (value: string) => page.navigate(String(value)));
  putAccessor(location, 'origin', () => page.url.origin);
  for (const part of parts) {
    putAccessor(location, part, () => page.url[part], (value: string) => {
      const url = new URL(page.url);
      url[part] = value;
      // An emptied fragment is still the same document.
      if (part === 'hash' && url.hash === '' && page.url.hash !== '') page.goToFragment(url, false);
      else if (url.href !== page.url.href || part !== 'hash') page.navigate(url.href);
    });
  }
  put(location, 'assign', (address: string) => page.navigate(String(address)));
  put(location, 'replace', (address: string) => page.navigate(String(address), { replace: true }));
  put(location, 'reload', () => page.bridge.tell({ type: 'navigate', url: page.url.href, method: 'GET', contentType: '', body: null, replace: true, newWindow: false }));
  const target = (): unknown => location;
  putAccessor(globalThis, locationName, target, (value: unknown) => page.navigate(String(value)));
  putAccessor(document, locationName, target, (value: unknown) => page.navigate(String(value)));
  putAccessor(document, 'URL', () => page.url.href);
  putAccessor(document, 'documentURI', () => page.url.href);
  putAccessor(document, 'referrer', () => page.document.referrer);
  putAccessor(document, 'domain', () => page.url.hostname, () => {});
  putAccessor(globalThis, 'origin', () => page.url.origin);
  installHistory(page);
}

function installHistory(page: Page): void {
  let state: unknown = page.document.state;
  const change = (replace: boolean) => (value: unknown, _: string, address?: string | URL | null): void => {
    const url = address === undefined || address === null ? page.url : page.resolve(String(address));
    if (url === undefined || url.origin !== page.url.origin) throw new DOMException('The address belongs to another origin', 'SecurityError');
    state = structuredClone(value);
    page.url = url;
    page.bridge.tell({ type: 'state', url: url.href, replace, state });
  };
  const go = (delta = 0): void => {
    if (delta === 0) page.navigate(page.url.href, { replace: true });
    else page.bridge.tell({ type: 'traverse', delta });
  };
  put(history, 'pushState', change(false));
  put(history, 'replaceState', change(true));
  putAccessor(history, 'state', () => state);
  put(history, 'go', go);
  put(history, 'back', () => go(-1));
  put(history, 'forward', () => go(1));
  page.bridge.onView = (message) => {
    if (message.type !== 'popstate') return;
    const oldURL = page.url.href;
    page.url = new URL(message.url);
    state = message.state;
    dispatchEvent(new PopStateEvent('popstate', { state }));
    if (new URL(oldURL).hash !== page.url.hash) {
      page.scrollToFragment();
      dispatchEvent(new HashChangeEvent('hashchange', { oldURL, newURL: message.url }));
    }
  };
}
