/**
 * Connections to the machine's ports, kept alive between requests as browsers do.
 *
 * A server may close a connection at the moment at which it is used again; such a request is sent once more on a new one.
 */
import { ConnectionError } from '../../../network/connection.ts';
import { type ClientRequest, type ClientResponse, HttpClientConnection } from '../../../network/http/client.ts';
import { HttpSyntaxError } from '../../../shared/http/syntax-error.ts';
import type { PreviewNetwork } from './network.ts';
import { SilenceLimit } from './silence.ts';

/** As many as browsers open to one server. */
const maximumPerPort = 6;

interface Port {
  open: number;
  idle: HttpClientConnection[];
  waiting: (() => void)[];
}

export interface PoolOptions {
  /** An event stream may be silent for as long as it likes. */
  readonly mayBeSilent?: boolean;
}

export class ConnectionPool {
  readonly #network: PreviewNetwork;
  readonly #ports = new Map<number, Port>();

  constructor(network: PreviewNetwork) {
    this.#network = network;
  }

  /** Sends a request when there is room; its connection is given back when the body was read or left. Rejects as the client does. */
  async request(port: number, request: ClientRequest, signal: AbortSignal, { mayBeSilent = false }: PoolOptions = {}): Promise<ClientResponse> {
    const place = this.#port(port);
    await this.#room(place, signal);
    const limit = new SilenceLimit(port, signal);
    try {
      const { http, response } = await this.#ask(port, place, request, limit.signal);
      if (mayBeSilent) limit.over();
      else limit.heard();
      return { ...response, body: this.#body(place, http, response.body, limit, mayBeSilent) };
    } catch (error) {
      limit.over();
      this.#leave(place);
      throw error;
    }
  }

  /** Drops what is idle, for example because the machine was reset. */
  clear(): void {
    for (const port of this.#ports.values()) for (const http of port.idle.splice(0)) http.close();
  }

  async #ask(port: number, place: Port, request: ClientRequest, signal: AbortSignal): Promise<{ http: HttpClientConnection; response: ClientResponse }> {
    for (let used = place.idle.pop(); used !== undefined; used = place.idle.pop()) {
      try {
        return { http: used, response: await used.request(request, signal) };
      } catch (error) {
        const closedMeanwhile = error instanceof ConnectionError || (error instanceof HttpSyntaxError && error.message.includes('ended before'));
        if (signal.aborted || !closedMeanwhile) throw error;
      }
    }
    const http = new HttpClientConnection(await this.#network.connect(port, signal));
    return { http, response: await http.request(request, signal) };
  }

  async *#body(place: Port, http: HttpClientConnection, body: AsyncIterable<Uint8Array>, limit: SilenceLimit, mayBeSilent: boolean): AsyncGenerator<Uint8Array, void, void> {
    try {
      for await (const piece of body) {
        if (!mayBeSilent) limit.heard();
        yield piece;
      }
    } finally {
      limit.over();
      if (http.idle) place.idle.push(http);
      this.#leave(place);
    }
  }

  #port(number: number): Port {
    let port = this.#ports.get(number);
    if (port === undefined) this.#ports.set(number, (port = { open: 0, idle: [], waiting: [] }));
    return port;
  }

  async #room(place: Port, signal: AbortSignal): Promise<void> {
    while (place.open >= maximumPerPort) {
      signal.throwIfAborted();
      const turn = Promise.withResolvers<void>();
      const wake = (): void => turn.resolve();
      place.waiting.push(wake);
      signal.addEventListener('abort', wake, { once: true });
      await turn.promise;
      signal.removeEventListener('abort', wake);
      if (signal.aborted) this.#wakeNext(place, wake);
    }
    signal.throwIfAborted();
    place.open++;
  }

  #leave(place: Port): void {
    place.open--;
    place.waiting.shift()?.();
  }

  /** Passes on a turn that came to one who does not want it any more. */
  #wakeNext(place: Port, gone: () => void): void {
    const index = place.waiting.indexOf(gone);
    if (index >= 0) place.waiting.splice(index, 1);
    else if (place.open < maximumPerPort) place.waiting.shift()?.();
  }
}
