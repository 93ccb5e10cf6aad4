/** `fetch` and what goes the same way: beacons and event streams. */
import type { Answer } from './bridge.ts';
import { natives, put, putAccessor } from './natives.ts';
import type { Page } from './page.ts';

const withoutBody = new Set([101, 103, 204, 205, 304]);

export function installFetch(page: Page): void {
  put(globalThis, 'fetch', (input: RequestInfo | URL, init?: RequestInit) => machineFetch(page, input, init));
  put(navigator, 'sendBeacon', (url: string | URL, data?: BodyInit | null) => {
    machineFetch(page, url, { method: 'POST', body: data ?? null, keepalive: true, credentials: 'include', mode: 'no-cors' }).catch(() => undefined);
    return true;
  });
  put(globalThis, 'EventSource', class extends MachineEventSource {
    constructor(url: string | URL, options?: EventSourceInit) {
      super(page, url, options);
    }
  });
}

/** As `fetch`; addresses that are in the browser already are its own business. */
export async function machineFetch(page: Page, input: RequestInfo | URL, init?: RequestInit, mayBeSilent = false): Promise<Response> {
  const request = new Request(input instanceof URL ? input.href : input, init);
  if (/^(data|blob):/.test(request.url)) return natives.fetch(request);
  if (!/^https?:/.test(request.url)) throw new TypeError(`Failed to fetch: ${request.url} is not an HTTP address`);
  const body = request.method === 'GET' || request.method === 'HEAD' ? null : await request.arrayBuffer();
  const answer = await page.bridge.request({
    url: request.url,
    method: request.method,
    headers: [...request.headers],
    body: body === null || body.byteLength === 0 ? null : body,
    mode: request.mode === 'no-cors' ? 'no-cors' : request.mode === 'same-origin' ? 'same-origin' : 'cors',
    redirect: request.redirect,
    credentials: request.credentials,
    mayBeSilent,
  }, request.signal);
  return responseOf(answer, request.redirect === 'manual');
}

function responseOf(answer: Answer, manual: boolean): Response {
  const hidden = answer.opaque || (manual && answer.status >= 300 && answer.status < 400 && answer.status !== 304);
  const body = hidden || withoutBody.has(answer.status) ? null : answer.body;
  if (body === null) answer.body.cancel().catch(() => undefined);
  const response = hidden ? new Response(null) : new Response(body, { status: answer.status, statusText: answer.reason, headers: answer.headers });
  putAccessor(response, 'url', () => (hidden ? '' : answer.url));
  putAccessor(response, 'redirected', () => answer.redirected);
  putAccessor(response, 'type', () => (answer.opaque ? 'opaque' : hidden ? 'opaqueredirect' : 'basic'));
  if (hidden) {
    putAccessor(response, 'status', () => 0);
    putAccessor(response, 'ok', () => false);
  }
  return response;
}

const reconnectMilliseconds = 3000;

class MachineEventSource extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSED = 2;
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSED = 2;
  readonly url: string;
  readonly withCredentials: boolean;
  readyState = 0;
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((event: MessageEvent) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  readonly #page: Page;
  readonly #stop = new AbortController();
  #lastId = '';
  #retry = reconnectMilliseconds;

  constructor(page: Page, url: string | URL, options: EventSourceInit = {}) {
    super();
    const resolved = page.resolve(String(url));
    if (resolved === undefined) throw new DOMException(`“${String(url)}” is not an address`, 'SyntaxError');
    this.#page = page;
    this.url = resolved.href;
    this.withCredentials = options.withCredentials ?? false;
    void this.#run();
  }

  close(): void {
    this.readyState = 2;
    this.#stop.abort();
  }

  async #run(): Promise<void> {
    while (this.readyState !== 2) {
      try {
        const headers: Record<string, string> = { Accept: 'text/event-stream', 'Cache-Control': 'no-cache' };
        if (this.#lastId !== '') headers['Last-Event-ID'] = this.#lastId;
        const response = await machineFetch(this.#page, this.url, { headers, credentials: this.withCredentials ? 'include' : 'same-origin', signal: this.#stop.signal }, true);
        if (response.status !== 200 || !response.headers.get('content-type')?.startsWith('text/event-stream') || response.body === null) {
          this.close();
          this.#fire(new Event('error'));
          return;
        }
        this.readyState = 1;
        this.#fire(new Event('open'));
        await this.#read(response.body, new URL(response.url).origin);
      } catch {
        // Broken off: tried again below, unless it was closed.
      }
      if (this.readyState === 2) return;
      this.readyState = 0;
      this.#fire(new Event('error'));
      await new Promise((resolve) => natives.setTimeout(resolve, this.#retry));
    }
  }

  async #read(body: ReadableStream<Uint8Array<ArrayBuffer>>, origin: string): Promise<void> {
    let rest = '';
    let data: string[] = [];
    let kind = '';
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const lines = (rest + part.value).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line === '') {
          if (data.length > 0) this.#fire(new MessageEvent(kind || 'message', { data: data.join('\n'), lastEventId: this.#lastId, origin }));
          data = [];
          kind = '';
          continue;
        }
        const colon = line.indexOf(':');
        const field = colon < 0 ? line : line.slice(0, colon);
        const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
        if (field === 'data') data.push(value);
        else if (field === 'event') kind = value;
        else if (field === 'id' && !value.includes('\0')) this.#lastId = value;
        else if (field === 'retry' && /^\d+$/.test(value)) this.#retry = Number(value);
      }
    }
  }

  #fire(event: Event): void {
    if (event.type === 'open') this.onopen?.(event);
    else if (event.type === 'error') this.onerror?.(event);
    else if (event.type === 'message' && event instanceof MessageEvent) this.onmessage?.(event);
    this.dispatchEvent(event);
  }
}
