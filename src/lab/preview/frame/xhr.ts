/** `XMLHttpRequest` over the machine's network. Asynchronous only: the frame cannot wait for its lab. */
import { machineFetch } from './fetch.ts';
import { put } from './natives.ts';
import type { Page } from './page.ts';

type Handler = ((event: Event) => void) | null;

class Upload extends EventTarget {
  onload: Handler = null;
  onprogress: Handler = null;
  onloadstart: Handler = null;
  onloadend: Handler = null;
  onerror: Handler = null;
  onabort: Handler = null;
  ontimeout: Handler = null;
}

const handlers = ['readystatechange', 'loadstart', 'progress', 'load', 'loadend', 'error', 'abort', 'timeout'] as const;

class MachineXhr extends EventTarget {
  static readonly UNSENT = 0;
  static readonly OPENED = 1;
  static readonly HEADERS_RECEIVED = 2;
  static readonly LOADING = 3;
  static readonly DONE = 4;
  readonly UNSENT = 0;
  readonly OPENED = 1;
  readonly HEADERS_RECEIVED = 2;
  readonly LOADING = 3;
  readonly DONE = 4;
  onreadystatechange: Handler = null;
  onloadstart: Handler = null;
  onprogress: Handler = null;
  onload: Handler = null;
  onloadend: Handler = null;
  onerror: Handler = null;
  onabort: Handler = null;
  ontimeout: Handler = null;
  readonly upload = new Upload();
  readyState = 0;
  status = 0;
  statusText = '';
  responseURL = '';
  responseType: XMLHttpRequestResponseType = '';
  timeout = 0;
  withCredentials = false;
  readonly #page: Page;
  #method = 'GET';
  #url = '';
  #headers = new Headers();
  #received: Headers | undefined;
  #mime: string | undefined;
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #cached: unknown;
  #abort: AbortController | undefined;

  constructor(page: Page) {
    super();
    this.#page = page;
  }

  open(method: string, url: string | URL, async = true): void {
    if (!async) throw new DOMException('Synchronous requests do not work in the preview', 'InvalidAccessError');
    const resolved = this.#page.resolve(String(url));
    if (resolved === undefined) throw new DOMException(`“${String(url)}” is not an address`, 'SyntaxError');
    this.#abort?.abort();
    this.#abort = undefined;
    this.#method = method;
    this.#url = resolved.href;
    this.#headers = new Headers();
    this.#clear();
    this.#setState(1);
  }

  setRequestHeader(name: string, value: string): void {
    if (this.readyState !== 1) throw new DOMException('The request is not open', 'InvalidStateError');
    this.#headers.append(name, value);
  }

  overrideMimeType(mime: string): void {
    this.#mime = mime;
  }

  getResponseHeader(name: string): string | null {
    return this.#received?.get(name) ?? null;
  }

  getAllResponseHeaders(): string {
    return [...(this.#received ?? [])].map(([name, value]) => `${name}: ${value}\r\n`).join('');
  }

  send(body?: XMLHttpRequestBodyInit | Document | null): void {
    if (this.readyState !== 1 || this.#abort !== undefined) throw new DOMException('The request is not open', 'InvalidStateError');
    const abort = new AbortController();
    this.#abort = abort;
    const timer = this.timeout > 0 ? setTimeout(() => abort.abort(new DOMException('timed out', 'TimeoutError')), this.timeout) : undefined;
    const payload = body instanceof Document ? new XMLSerializer().serializeToString(body) : (body ?? null);
    this.#fire('loadstart');
    void this.#run(abort, /^(get|head)$/i.test(this.#method) ? null : payload).finally(() => clearTimeout(timer));
  }

  abort(): void {
    const running = this.#abort;
    if (running === undefined) return;
    running.abort();
    this.#end('abort');
    this.readyState = 0;
  }

  get responseText(): string {
    if (this.responseType !== '' && this.responseType !== 'text') throw new DOMException('The answer is not read as text', 'InvalidStateError');
    return this.#text();
  }

  get responseXML(): Document | null {
    if (this.readyState !== 4 || (this.responseType !== '' && this.responseType !== 'document')) return null;
    return new DOMParser().parseFromString(this.#text(), /html/.test(this.#type()) ? 'text/html' : 'text/xml');
  }

  get response(): unknown {
    if (this.responseType === '' || this.responseType === 'text') return this.#text();
    if (this.readyState !== 4) return null;
    this.#cached ??= this.#typed();
    return this.#cached;
  }

  async #run(abort: AbortController, body: XMLHttpRequestBodyInit | null): Promise<void> {
    try {
      const response = await machineFetch(this.#page, this.#url, { method: this.#method, headers: this.#headers, body, signal: abort.signal, credentials: this.withCredentials ? 'include' : 'same-origin' });
      this.status = response.status;
      this.statusText = response.statusText;
      this.responseURL = response.url;
      this.#received = response.headers;
      this.#setState(2);
      const reader = response.body?.getReader();
      const pieces: Uint8Array<ArrayBuffer>[] = [];
      for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
        pieces.push(part.value);
        this.#bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
        this.#setState(3);
        this.#fire('progress', this.#bytes.length);
      }
      if (this.#abort !== abort) return;
      this.#end('load');
    } catch (error) {
      if (this.#abort !== abort) return;
      this.#clear();
      this.#end(error instanceof DOMException && error.name === 'TimeoutError' ? 'timeout' : 'error');
    }
  }

  #end(how: 'load' | 'error' | 'abort' | 'timeout'): void {
    this.#abort = undefined;
    this.#setState(4);
    this.#fire(how, this.#bytes.length);
    this.#fire('loadend', this.#bytes.length);
  }

  #clear(): void {
    this.status = 0;
    this.statusText = '';
    this.#received = undefined;
    this.#bytes = new Uint8Array(0);
    this.#cached = undefined;
  }

  #type(): string {
    return this.#mime ?? this.#received?.get('content-type') ?? '';
  }

  #text(): string {
    const charset = /charset="?([\w-]+)/i.exec(this.#type())?.[1] ?? 'utf-8';
    return new TextDecoder(charset).decode(this.#bytes);
  }

  #typed(): unknown {
    switch (this.responseType) {
      case 'json':
        try {
          return JSON.parse(new TextDecoder().decode(this.#bytes));
        } catch {
          return null;
        }
      case 'arraybuffer':
        return this.#bytes.slice().buffer;
      case 'blob':
        return new Blob([this.#bytes], { type: this.#type() });
      default:
        return this.responseXML;
    }
  }

  #setState(state: number): void {
    this.readyState = state;
    this.#fire('readystatechange');
  }

  #fire(type: (typeof handlers)[number], loaded = 0): void {
    const event = type === 'readystatechange' ? new Event(type) : new ProgressEvent(type, { loaded });
    this.dispatchEvent(event);
    this[`on${type}`]?.call(this, event);
  }
}

export function installXhr(page: Page): void {
  put(globalThis, 'XMLHttpRequest', class extends MachineXhr {
    constructor() {
      super(page);
    }
  });
}
