/** Answers what a page in a frame asks of the network. Everything that comes from there is checked: the page may be hostile. */
import { type DrydockError, isDrydockError, reasonOf } from '../../shared/errors.ts';
import { portOf, withoutFragment } from './address.ts';
import { answerFault, exposedHeaders, needsPreflight, preflightFault, unsafeHeaders } from './net/cors.ts';
import type { CookieJar } from './net/cookie-jar.ts';
import { type FetchResponse, type HeaderList, machineUrl, type PreviewFetcher, skipBody } from './net/fetcher.ts';
import { explainFault } from './net/faults.ts';
import type { PreviewNetwork } from './net/network.ts';
import { type SilenceLimit, silenceOf } from './net/silence.ts';
import { WebSocketFault } from './net/websocket-frames.ts';
import { MachineSocket } from './net/websocket.ts';
import type { PageStore } from './page-store.ts';
import { type FromNetwork, type ToNetwork, toNetworkSchema } from './protocol.ts';

export interface PageServices {
  readonly fetcher: PreviewFetcher;
  readonly jar: CookieJar;
  readonly network: PreviewNetwork;
  readonly store: PageStore;
  readonly refused: (port: number) => DrydockError;
}

type Ask = Extract<ToNetwork, { type: 'request' }>;

interface Running {
  readonly stop: AbortController;
  body?: AsyncIterator<Uint8Array>;
  reading: boolean;
}

/** A page that opens more at once is out of control. */
const maximumRunning = 500;
const tooMany = `the page has ${maximumRunning} requests under way already; it has to read or to end some of them first`;

/**
 * Serves a page until the returned function is called, which stops all that is under way.
 * @param address of the page
 */
export function servePage(port: MessagePort, address: string, services: PageServices): () => void {
  const server = new PageServer(port, new URL(address), services);
  return () => server.stop();
}

class PageServer {
  readonly #port: MessagePort;
  readonly #page: URL;
  readonly #services: PageServices;
  readonly #running = new Map<number, Running>();
  /** Open ones, and what stops one that is not open yet. */
  readonly #sockets = new Map<number, MachineSocket | AbortController>();
  readonly #over = new AbortController();
  #cookies: string;

  constructor(port: MessagePort, page: URL, services: PageServices) {
    this.#port = port;
    this.#page = page;
    this.#services = services;
    this.#cookies = services.jar.visible(page);
    port.onmessage = ({ data }: MessageEvent<unknown>) => {
      const message = toNetworkSchema.safeParse(data);
      if (message.success) this.#take(message.data);
    };
  }

  stop(): void {
    this.#over.abort();
    this.#port.onmessage = null;
    this.#port.close();
    for (const { stop, body } of this.#running.values()) {
      stop.abort();
      body?.return?.().catch(() => undefined);
    }
    this.#running.clear();
    for (const socket of this.#sockets.values()) socket.abort();
    this.#sockets.clear();
  }

  #take(message: ToNetwork): void {
    switch (message.type) {
      case 'request':
        void this.#request(message);
        return;
      case 'pull':
        void this.#pull(message.id);
        return;
      case 'cancel':
        this.#cancel(message.id);
        return;
      case 'socket':
        void this.#openSocket(message.id, message.url, message.protocols);
        return;
      case 'socketSend': {
        const socket = this.#sockets.get(message.id);
        const size = typeof message.data === 'string' ? new TextEncoder().encode(message.data).length : message.data.byteLength;
        const { id } = message;
        if (socket instanceof MachineSocket) void socket.send(typeof message.data === 'string' ? message.data : new Uint8Array(message.data)).then(() => this.#post({ type: 'socketSent', id, bytes: size }));
        return;
      }
      case 'socketClose': {
        const socket = this.#sockets.get(message.id);
        // As in browsers, one that is closed before it is open has failed.
        if (socket instanceof AbortController) socket.abort();
        else socket?.close(message.code, message.reason);
        return;
      }
      case 'cookie':
        this.#services.jar.set(this.#page, message.text, true);
        this.#showCookies();
        return;
      case 'store':
        this.#services.store.set(this.#page.origin, message.key, message.value);
        return;
    }
  }

  async #request(ask: Ask): Promise<void> {
    const { id } = ask;
    if (this.#running.has(id)) return;
    if (this.#running.size >= maximumRunning) {
      this.#post({ type: 'failed', id, message: tooMany });
      return;
    }
    const running: Running = { stop: new AbortController(), reading: false };
    this.#running.set(id, running);
    try {
      const { response, opaque } = await this.#fetch(ask, running.stop.signal);
      if (running.stop.signal.aborted) {
        response.cancel();
        return;
      }
      running.body = response.body[Symbol.asyncIterator]();
      const headers = response.headers.map(([name, value]): [string, string] => [name, value]);
      this.#post({ type: 'head', id, url: response.url, redirected: response.redirected, status: response.status, reason: response.reason, headers, opaque });
    } catch (error) {
      this.#fail(id, error);
    } finally {
      this.#showCookies();
    }
  }

  async #fetch(ask: Ask, signal: AbortSignal): Promise<{ response: FetchResponse; opaque: boolean }> {
    const url = machineUrl(ask.url);
    const { origin } = this.#page;
    const foreign = url.origin !== origin;
    if (foreign && ask.mode === 'same-origin') throw new Error('the address belongs to another origin');
    const credentials = ask.credentials === 'include' || (ask.credentials === 'same-origin' && !foreign);
    const cors = foreign && ask.mode === 'cors';
    if (cors && needsPreflight(ask)) await this.#preflight(url, ask, signal);
    const response = await this.#services.fetcher.fetch(
      {
        url: url.href, method: ask.method, headers: [...ask.headers, ...this.#ownHeaders(url, ask)], redirect: ask.redirect, credentials, mayBeSilent: ask.mayBeSilent,
        ...(ask.body === null ? {} : { body: new Uint8Array(ask.body) }),
      },
      signal,
    );
    const left = new URL(response.url).origin !== origin;
    if (!left) return { response, opaque: false };
    if (ask.mode === 'no-cors') return { response, opaque: true };
    const fault = ask.mode === 'same-origin' ? 'it was redirected to another origin' : answerFault(response, origin, ask);
    if (fault === undefined) return { response: { ...response, headers: exposedHeaders(response.headers, ask.credentials) }, opaque: false };
    response.cancel();
    throw new Error(`CORS: ${fault}`);
  }

  async #preflight(url: URL, ask: Ask, signal: AbortSignal): Promise<void> {
    const names = unsafeHeaders(ask.headers);
    const headers: HeaderList = [
      ['Origin', this.#page.origin], ['Access-Control-Request-Method', ask.method],
      ...(names.length === 0 ? [] : [['Access-Control-Request-Headers', names.join(',')] as const]),
    ];
    const response = await this.#services.fetcher.fetch({ url: url.href, method: 'OPTIONS', headers, redirect: 'manual', credentials: false }, signal);
    await skipBody(response);
    const fault = preflightFault(response, this.#page.origin, ask);
    if (fault !== undefined) throw new Error(`CORS: ${fault}`);
  }

  #ownHeaders(url: URL, ask: Ask): HeaderList {
    const same = url.origin === this.#page.origin;
    const unsafe = ask.method !== 'GET' && ask.method !== 'HEAD';
    return [
      ['Referer', same ? withoutFragment(this.#page) : `${this.#page.origin}/`],
      ...(unsafe || (!same && ask.mode === 'cors') ? [['Origin', this.#page.origin] as const] : []),
    ];
  }

  async #pull(id: number): Promise<void> {
    const running = this.#running.get(id);
    if (running?.body === undefined || running.reading) return;
    running.reading = true;
    try {
      const { done, value } = await running.body.next();
      if (!this.#running.has(id)) return;
      running.reading = false;
      if (done === true) {
        this.#running.delete(id);
        this.#post({ type: 'end', id });
        return;
      }
      // A copy: the piece may be a part of something larger that somebody still reads.
      const bytes = value.slice().buffer;
      this.#post({ type: 'chunk', id, bytes }, [bytes]);
    } catch (error) {
      this.#fail(id, error);
    }
  }

  #cancel(id: number): void {
    const running = this.#running.get(id);
    if (running === undefined) return;
    this.#running.delete(id);
    running.stop.abort();
    running.body?.return?.().catch(() => undefined);
  }

  async #openSocket(id: number, address: string, protocols: string[]): Promise<void> {
    if (this.#sockets.has(id)) return;
    if (this.#sockets.size >= maximumRunning) {
      this.#post({ type: 'socketClosed', id, code: 1006, reason: tooMany, clean: false });
      return;
    }
    const stop = new AbortController();
    this.#sockets.set(id, stop);
    let limit: SilenceLimit | undefined;
    const closed = (code: number, reason: string, clean: boolean): void => {
      this.#sockets.delete(id);
      this.#post({ type: 'socketClosed', id, code, reason, clean });
    };
    try {
      const url = machineUrl(address);
      const { network, jar } = this.#services;
      const http = new URL(url);
      http.protocol = 'http:';
      const cookie = jar.header(http);
      const port = portOf(url);
      limit = silenceOf(port, AbortSignal.any([this.#over.signal, stop.signal]), network.clock);
      const connection = await network.connect(port, limit.signal);
      const socket = await MachineSocket.open(
        connection,
        { url, origin: this.#page.origin, protocols: protocols.filter((name) => /^[\w.+-]+$/.test(name)), headers: cookie === undefined ? [] : [['Cookie', cookie]] },
        {
          message: (data) => this.#post({ type: 'socketMessage', id, data: typeof data === 'string' ? data : data.buffer }),
          closed: ({ code, reason, clean }) => closed(code, reason, clean),
        },
        limit.signal,
      );
      if (limit.signal.aborted) {
        socket.abort();
        return;
      }
      this.#sockets.set(id, socket);
      this.#post({ type: 'socketOpen', id, protocol: socket.protocol });
    } catch (error) {
      if (this.#over.signal.aborted) return;
      closed(1006, error instanceof WebSocketFault || isDrydockError(error) ? reasonOf(error) : '', false);
    } finally {
      limit?.over();
    }
  }

  #fail(id: number, error: unknown): void {
    // The page may have cancelled it meanwhile.
    if (!this.#running.delete(id)) return;
    this.#post({ type: 'failed', id, message: reasonOf(explainFault(error, portOf(this.#page), this.#services.refused)) });
  }

  #showCookies(): void {
    const text = this.#services.jar.visible(this.#page);
    if (text === this.#cookies) return;
    this.#cookies = text;
    this.#post({ type: 'cookies', text });
  }

  #post(message: FromNetwork, transfer: Transferable[] = []): void {
    if (!this.#over.signal.aborted) this.#port.postMessage(message, transfer);
  }
}
