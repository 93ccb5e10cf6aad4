/** Cookies and storage of the page: its own ones, kept by the lab in memory. The browser's are closed to the frame. */
import { CookieJar } from '../net/cookie-jar.ts';
import { put, putAccessor } from './natives.ts';
import type { Page } from './page.ts';

export function installKeeping(page: Page): void {
  installCookies(page);
  put(globalThis, 'localStorage', memoryStorage(page.document.stored, (key, value) => page.bridge.post({ type: 'store', key, value })));
  put(globalThis, 'sessionStorage', memoryStorage([], () => {}));
}

function installCookies(page: Page): void {
  let jar = new CookieJar();
  const fill = (text: string): void => {
    jar = new CookieJar();
    for (const pair of text.split('; ')) jar.set(page.url, `${pair}; Path=/`);
  };
  fill(page.document.cookies);
  page.bridge.onCookies = fill;
  putAccessor(document, 'cookie', () => jar.visible(page.url), (text: string) => {
    // Seen at once by who asks next; the lab's jar has the last word.
    jar.set(page.url, `${text}; Path=/`, true);
    page.bridge.post({ type: 'cookie', text: String(text) });
  });
}

/** A `Storage` in memory, with its properties as keys. */
function memoryStorage(content: readonly [string, string][], onChange: (key: string, value: string | null) => void): Storage {
  const items = new Map(content);
  const methods: Storage = {
    get length() {
      return items.size;
    },
    key: (index) => [...items.keys()][index] ?? null,
    getItem: (key) => items.get(String(key)) ?? null,
    setItem(key, value) {
      items.set(String(key), String(value));
      onChange(String(key), String(value));
    },
    removeItem(key) {
      if (items.delete(String(key))) onChange(String(key), null);
    },
    clear() {
      for (const key of items.keys()) methods.removeItem(key);
    },
  };
  return new Proxy(methods, {
    get: (target, key) => (typeof key === 'string' && !(key in target) ? items.get(key) : Reflect.get(target, key)),
    set(_, key, value) {
      methods.setItem(String(key), String(value));
      return true;
    },
    deleteProperty(_, key) {
      methods.removeItem(String(key));
      return true;
    },
    has: (target, key) => key in target || items.has(String(key)),
    ownKeys: () => [...items.keys()],
    getOwnPropertyDescriptor: (_, key) => (items.has(String(key)) ? { configurable: true, enumerable: true, writable: true, value: items.get(String(key)) } : undefined),
  });
}
