/** Links, forms and windows: whatever would take the frame elsewhere is told to the view instead. */
import { natives, put } from './natives.ts';
import type { Page } from './page.ts';

export function installNavigation(page: Page): void {
  for (const type of ['click', 'auxclick'] as const) {
    addEventListener(type, (event) => {
      const link = linkOf(event);
      if (link === undefined || event.button > 1) return;
      const url = page.resolve(link.address);
      if (url?.protocol === 'javascript:') return;
      afterwards(event, () => {
        if (url === undefined) return;
        const newWindow = event.button === 1 || event.ctrlKey || event.metaKey || event.shiftKey || isElsewhere(link.target);
        page.open(url, { newWindow, method: 'GET', contentType: '', body: null });
      });
    }, { capture: true });
  }
  addEventListener('submit', (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    const { submitter } = event;
    if ((submitter?.getAttribute('formmethod') ?? form.getAttribute('method'))?.toLowerCase() === 'dialog') return;
    afterwards(event, () => void send(page, form, submitter));
  }, { capture: true });
  put(HTMLFormElement.prototype, 'submit', function (this: HTMLFormElement) {
    void send(page, this, null);
  });
  put(globalThis, 'open', (address?: string | URL) => {
    const url = page.resolve(String(address ?? ''));
    if (url !== undefined && address !== undefined && address !== '') page.open(url, { newWindow: true, method: 'GET', contentType: '', body: null });
    return null;
  });
  addEventListener('keydown', (event) => {
    if (event.key !== 'F6' || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    page.bridge.tell({ type: 'leave', back: event.shiftKey });
  }, { capture: true });
}

/**
 * Keeps the browser from its own answer to an event, and gives ours once all listeners of the page have had their say,
 * unless one of them prevented it.
 */
function afterwards(event: Event, answer: () => void): void {
  let prevented = false;
  event.preventDefault();
  put(event, 'preventDefault', () => {
    prevented = true;
  });
  Object.defineProperty(event, 'defaultPrevented', { configurable: true, get: () => prevented });
  Object.defineProperty(event, 'returnValue', {
    configurable: true,
    get: () => !prevented,
    set(value: boolean) {
      if (!value) prevented = true;
    },
  });
  for (const node of event.composedPath()) if (node instanceof HTMLElement) minded(node, event.type === 'submit' ? 'onsubmit' : 'onclick');
  natives.setTimeout(() => {
    if (!prevented) answer();
  }, 0);
}

/** Handlers whose `return false` is heard. */
const heard = new WeakSet<object>();

/** `return false` of a handler sets the event's own flag, past its methods: such a handler is made to call them. */
function minded(element: HTMLElement, name: 'onclick' | 'onsubmit'): void {
  const handler = element[name] as ((event: Event) => unknown) | null;
  if (handler === null || heard.has(handler)) return;
  const wrapped = function (this: unknown, event: Event): unknown {
    const result = handler.call(element, event);
    if (result === false) event.preventDefault();
    return result;
  };
  heard.add(wrapped);
  element[name] = wrapped;
}

function linkOf(event: Event): { address: string; target: string } | undefined {
  for (const node of event.composedPath()) {
    if (!(node instanceof Element) || (node.localName !== 'a' && node.localName !== 'area')) continue;
    const address = node.getAttribute('href') ?? node.getAttribute('xlink:href');
    if (address === null) return undefined;
    return { address, target: node.getAttribute('target') ?? document.querySelector('base[target]')?.getAttribute('target') ?? '' };
  }
  return undefined;
}

function isElsewhere(target: string): boolean {
  return target !== '' && !/^_(self|top|parent)$/i.test(target);
}

async function send(page: Page, form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  const attribute = (name: string): string | null => submitter?.getAttribute(`form${name}`) ?? form.getAttribute(name);
  const url = page.resolve(attribute('action') || page.url.href);
  if (url === undefined) return;
  const data = new FormData(form, submitter);
  const newWindow = isElsewhere(attribute('target') ?? '');
  const pairs = [...data].map(([name, value]) => [name, typeof value === 'string' ? value : value.name] as [string, string]);
  if (attribute('method')?.toLowerCase() !== 'post') {
    url.search = new URLSearchParams(pairs).toString();
    page.open(url, { newWindow, method: 'GET', contentType: '', body: null });
    return;
  }
  const encoding = attribute('enctype')?.toLowerCase();
  const content =
    encoding === 'multipart/form-data' ? new Response(data)
    : encoding === 'text/plain' ? new Response(pairs.map(([name, value]) => `${name}=${value}\r\n`).join(''))
    : new Response(new URLSearchParams(pairs));
  page.open(url, { newWindow, method: 'POST', contentType: content.headers.get('content-type') ?? '', body: await content.arrayBuffer() });
}
