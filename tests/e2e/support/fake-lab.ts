/** A lab without a machine: it opens the preview's own window and plays the services, so that pages can be tried in milliseconds. */
import type { Page } from '@playwright/test';

export interface FakeAnswer {
  readonly body: string;
  readonly type?: string;
  readonly status?: number;
  /** Milliseconds before the answer. */
  readonly delay?: number;
  readonly headers?: readonly (readonly [string, string])[];
}

/** By path with query. A key that begins with a method and a blank answers only that method. */
export type FakeServices = Readonly<Record<string, FakeAnswer>>;

export interface FakeRequest {
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly headers: readonly (readonly [string, string])[];
}

/** Opens the preview's window from a page of the site. Everything that the window asks for is answered from the list. */
export async function openFakePreview(opener: Page, address: string, services: FakeServices, language: string): Promise<Page> {
  const popup = opener.waitForEvent('popup');
  await opener.evaluate(playLab, { address, services, language });
  return popup;
}

/** What was asked for so far, pages and all. */
export function fakeRequests(opener: Page): Promise<FakeRequest[]> {
  return opener.evaluate(() => (window as unknown as { asked: FakeRequest[] }).asked);
}

/** Runs in the page: speaks the protocol of src/lab/preview/window-protocol.ts and protocol.ts. */
function playLab({ address, services, language }: { address: string; services: FakeServices; language: string }): void {
  const asked: FakeRequest[] = [];
  Object.assign(window, { asked });
  const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const answer = async (method: string, url: string, body: ArrayBuffer | null, headers: [string, string][]): Promise<Required<FakeAnswer>> => {
    const { pathname, search, port } = new URL(url);
    asked.push({ method, url, body: body === null ? '' : new TextDecoder().decode(body), headers });
    const key = pathname + search;
    const found = services[`${method} ${key}`] ?? services[key] ?? services[`:${port}${key}`];
    const { body: text = 'missing', type = found === undefined ? 'text/plain' : 'text/html', status = found === undefined ? 404 : 200, delay = 0, headers: more = [] } = found ?? {};
    await pause(delay);
    return { body: text, type, status, delay, headers: more };
  };
  const serve = (port: MessagePort): void => {
    const bodies = new Map<number, string>();
    port.onmessage = async ({ data }) => {
      // As the real lab: only the machine is reached.
      const foreign = data.url !== undefined && new URL(data.url).hostname !== 'localhost';
      if (foreign && data.type === 'request') port.postMessage({ type: 'failed', id: data.id, message: 'outside' });
      else if (foreign && data.type === 'socket') port.postMessage({ type: 'socketClosed', id: data.id, code: 1006, reason: '', clean: false });
      else if (data.type === 'request') {
        const { body, type, status, headers } = await answer(data.method, data.url, data.body, data.headers);
        bodies.set(data.id, body);
        port.postMessage({ type: 'head', id: data.id, url: data.url, redirected: false, status, reason: '', headers: [['Content-Type', type], ...headers], opaque: false });
      } else if (data.type === 'pull') {
        const text = bodies.get(data.id);
        bodies.set(data.id, '');
        if (text) port.postMessage({ type: 'chunk', id: data.id, bytes: new TextEncoder().encode(text).buffer });
        else port.postMessage({ type: 'end', id: data.id });
      } else if (data.type === 'socket') {
        port.postMessage({ type: 'socketOpen', id: data.id, protocol: '' });
        port.postMessage({ type: 'socketMessage', id: data.id, data: `welcome to ${data.url}` });
      } else if (data.type === 'socketSend') port.postMessage({ type: 'socketMessage', id: data.id, data: `echo ${data.data}` });
      else if (data.type === 'socketClose') port.postMessage({ type: 'socketClosed', id: data.id, code: data.code ?? 1005, reason: '', clean: true });
      else if (data.type === 'store' || data.type === 'cookie') asked.push({ method: data.type, url: '', body: JSON.stringify(data), headers: [] });
    };
  };
  addEventListener('message', ({ data, ports: [port] }) => {
    if (data.type !== 'drydock-preview-window' || port === undefined) return;
    port.onmessage = async ({ data: message, ports: [frame] }) => {
      if (message.type === 'serve' && frame !== undefined) serve(frame);
      if (message.type !== 'load') return;
      const { request, id } = message;
      const { body } = await answer(request.method, request.url, request.body, [['referer', request.referrer]]);
      port.postMessage({ type: 'answer', id, answer: { kind: 'page', page: { url: request.url, html: body, referrer: request.referrer, cookies: 'theirs=1', stored: [['kept', 'yes']], language } } });
    };
    port.postMessage({ type: 'ports', ports: [], added: [] });
  });
  window.open(`/${language === 'zh-CN' ? 'zh-cn' : 'en'}/preview/#${encodeURIComponent(address)}`);
}
