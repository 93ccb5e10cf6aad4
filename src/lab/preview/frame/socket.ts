/** `WebSocket` over the machine's network. */
import { put } from './natives.ts';
import type { Page } from './page.ts';

class MachineWebSocket extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSING = 2;
  readonly CLOSED = 3;
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((event: MessageEvent) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;
  readonly url: string;
  readonly extensions = '';
  protocol = '';
  readyState = 0;
  bufferedAmount = 0;
  binaryType: BinaryType = 'blob';
  readonly #page: Page;
  readonly #id: number;
  #sending: Promise<void> = Promise.resolve();

  constructor(page: Page, url: string | URL, protocols: string | string[] = []) {
    super();
    const resolved = page.resolve(String(url));
    if (resolved === undefined) throw new DOMException(`“${String(url)}” is not an address`, 'SyntaxError');
    if (resolved.protocol === 'http:') resolved.protocol = 'ws:';
    if (resolved.protocol === 'https:') resolved.protocol = 'wss:';
    if (!/^wss?:$/.test(resolved.protocol)) throw new DOMException(`${resolved.protocol} is not a protocol of sockets`, 'SyntaxError');
    this.url = resolved.href;
    this.#page = page;
    this.#id = page.bridge.socket(this.url, Array.isArray(protocols) ? protocols : [protocols], (event) => {
      switch (event.type) {
        case 'socketOpen':
          if (this.readyState !== 0) return;
          this.readyState = 1;
          this.protocol = event.protocol;
          this.#fire(new Event('open'));
          return;
        case 'socketSent':
          this.bufferedAmount -= event.bytes;
          return;
        case 'socketMessage': {
          const data = typeof event.data === 'string' || this.binaryType === 'arraybuffer' ? event.data : new Blob([event.data]);
          this.#fire(new MessageEvent('message', { data, origin: resolved.origin }));
          return;
        }
        case 'socketClosed': {
          const failed = !event.clean;
          this.readyState = 3;
          if (failed) this.#fire(new Event('error'));
          this.#fire(new CloseEvent('close', { code: event.code, reason: event.reason, wasClean: event.clean }));
        }
      }
    });
  }

  send(data: string | ArrayBufferLike | Blob | ArrayBufferView): void {
    if (this.readyState === 0) throw new DOMException('The socket is not open yet', 'InvalidStateError');
    if (this.readyState !== 1) return;
    this.bufferedAmount += typeof data === 'string' ? new TextEncoder().encode(data).length : data instanceof Blob ? data.size : data.byteLength;
    // In order, also where a Blob has to be read first.
    const payload = typeof data === 'string' ? data : new Blob([data as BlobPart]).arrayBuffer();
    this.#sending = this.#sending.then(async () => this.#page.bridge.post({ type: 'socketSend', id: this.#id, data: await payload }));
  }

  close(code?: number, reason?: string): void {
    if (code !== undefined && code !== 1000 && !(code >= 3000 && code <= 4999)) throw new DOMException('The code must be 1000 or from 3000 to 4999', 'InvalidAccessError');
    if (this.readyState >= 2) return;
    this.readyState = 2;
    this.#sending = this.#sending.then(() => this.#page.bridge.post({ type: 'socketClose', id: this.#id, ...(code === undefined ? {} : { code }), ...(reason === undefined ? {} : { reason }) }));
  }

  #fire(event: Event): void {
    this.dispatchEvent(event);
    if (event instanceof CloseEvent) this.onclose?.(event);
    else if (event instanceof MessageEvent) this.onmessage?.(event);
    else if (event.type === 'open') this.onopen?.(event);
    else this.onerror?.(event);
  }
}

export function installSocket(page: Page): void {
  put(globalThis, 'WebSocket', class extends MachineWebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(page, url, protocols);
    }
  });
}
