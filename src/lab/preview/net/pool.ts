/**
 * Connections to the machine's ports, kept alive between requests as browsers do.
 *
 * A server may close a connection at the moment at which it is used again; such a request is sent once more on a new one.
 */
import { ConnectionError } from '../../../network/connection.ts';
import { type ClientRequest, type ClientResponse, HttpClientConnection } from '../../../network/http/client.ts';
import { HttpSyntaxError } from '../../../shared/http/syntax-error.ts';
import type { PreviewNetwork } from './network.ts';
import { type Place, Places } from './places.ts';
import { type SilenceLimit, silenceOf } from './silence.ts';

interface Port {
  readonly places: Places;
  readonly idle: HttpClientConnection[];
}

export interface PoolOptions {
  /** An event stream may be silent for as long as it likes. */
  readonly mayBeSilent?: boolean;
}

export interface PooledResponse extends ClientResponse {
  /** Gives the connection up without reading on; for who does not begin the body too. Harmless once it is over. */
  cancel(): void;
}

export class ConnectionPool {
  readonly #network: PreviewNetwork;
  readonly #ports = new Map<number, Port>();

  constructor(network: PreviewNetwork) {
    this.#network = network;
  }

  /**
   * Sends a request when there is room. Its connection is given back when the body was read or left, or when the signal
   * fires; a body that nobody reads for as long as a service may be silent is given up. Rejects as the client does, with
   * DD5105, DD5116, or with the signal's reason.
   */
  async request(port: number, request: ClientRequest, signal: AbortSignal, { mayBeSilent = false }: PoolOptions = {}): Promise<PooledResponse> {
    const { places, idle } = this.#port(port);
    const place = await places.enter(signal);
    const limit = silenceOf(port, signal, this.#network.clock);
    try {
      const { http, response } = await this.#ask(port, idle, request, limit.signal);
      const cancel = giverBack(http, idle, place, limit);
      if (mayBeSilent) limit.over();
      else limit.heard();
      // There is no body, or there is nobody for it any more.
      if (http.idle || limit.signal.aborted) cancel();
      return { ...response, body: new PooledBody(response.body, cancel, () => (mayBeSilent ? undefined : limit.heard())), cancel };
    } catch (error) {
      limit.over();
      place.leave();
      throw error;
    }
  }

  /** Drops what is idle and counts anew, for example because the machine was reset. */
  clear(): void {
    for (const { idle, places } of this.#ports.values()) {
      for (const http of idle.splice(0)) http.close();
      places.reset();
    }
  }

  async #ask(port: number, idle: HttpClientConnection[], request: ClientRequest, signal: AbortSignal): Promise<{ http: HttpClientConnection; response: ClientResponse }> {
    for (let used = idle.pop(); used !== undefined; used = idle.pop()) {
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

  #port(number: number): Port {
    let port = this.#ports.get(number);
    if (port === undefined) this.#ports.set(number, (port = { places: new Places(number, this.#network.clock), idle: [] }));
    return port;
  }
}

/**
 * What gives a connection back, once, however its answer ends. Not left to the `finally` of a generator: that does not
 * run in one that was never begun, and a page need not read what it asked for.
 */
function giverBack(http: HttpClientConnection, idle: HttpClientConnection[], place: Place, limit: SilenceLimit): () => void {
  let given = false;
  const give = (): void => {
    if (given) return;
    given = true;
    limit.over();
    limit.signal.removeEventListener('abort', give);
    if (http.idle && place.held) idle.push(http);
    else http.close();
    place.leave();
  };
  limit.signal.addEventListener('abort', give);
  return give;
}

/** A body that gives its connection back at its end, when it breaks off, and when it is left, begun or not. */
class PooledBody implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #giveBack: () => void;
  readonly #heard: () => void;
  #left = false;

  constructor(source: AsyncIterable<Uint8Array>, giveBack: () => void, heard: () => void) {
    this.#source = source[Symbol.asyncIterator]();
    this.#giveBack = giveBack;
    this.#heard = heard;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#left) return { done: true, value: undefined };
    let ended = true;
    try {
      const piece = await this.#source.next();
      if (piece.done === true) return { done: true, value: undefined };
      ended = false;
      this.#heard();
      return piece;
    } finally {
      if (ended) this.#giveBack();
    }
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#left = true;
    this.#giveBack();
    await this.#source.return?.();
    return { done: true, value: undefined };
  }
}
