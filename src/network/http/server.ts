/**
 * An HTTP/1.1 server on one connection of the virtual network.
 *
 * Requests are answered one after the other, also when a client sends several at once. Bodies go both ways at the pace of
 * who reads them. Whatever is malformed or comes to a halt half-way is answered and the connection ended: a client in the
 * guest never waits for nothing.
 */
import { encodeUtf8 } from '../../shared/bytes.ts';
import { systemClock, type Clock } from '../../shared/clock.ts';
import { bodyReader, requestFraming, type Framing } from '../../shared/http/body.ts';
import { HttpInput } from '../../shared/http/input.ts';
import { HttpSyntaxError } from '../../shared/http/syntax-error.ts';
import type { Connection, ConnectionHandler } from '../connection.ts';
import { readRequestHead, type HttpRequest, type RequestHead } from './request.ts';
import { sendResponse, type HttpResponse } from './response.ts';
import { within } from '../within.ts';

/** Answers one request. What it rejects with becomes a 500. */
export type HttpHandler = (request: HttpRequest) => Promise<HttpResponse>;

/** What became of one request. */
export interface HttpExchange {
  readonly request: Pick<HttpRequest, 'method' | 'target' | 'headers'>;
  readonly status: number;
  /** Of the answer's body, as far as they were sent. */
  readonly bytes: number;
  /** Whether all of the answer was sent. */
  readonly complete: boolean;
}

export interface HttpServerOptions {
  /** How long a client may leave a connection unused; 120,000 unless given. */
  readonly idleMilliseconds?: number;
  /** How long a client may pause within a request; 20,000 unless given. */
  readonly pauseMilliseconds?: number;
  /** Of a request's body; 64 MiB unless given. */
  readonly maximumBodyBytes?: number;
  readonly onExchange?: (exchange: HttpExchange) => void;
}

/** An unread body up to this is skipped to keep the connection. */
const skippedBytes = 65_536;
/** What is still taken from a client that is being sent away, so that a reset does not overtake the answer. */
const lingerBytes = 1 << 20;
const lingerMilliseconds = 2000;

export function serveHttp(handler: HttpHandler, options: HttpServerOptions = {}): ConnectionHandler {
  return async (connection, clock = systemClock) => {
    try {
      await new ServerConnection(connection, clock, handler, options).run();
    } finally {
      connection.abort();
    }
  };
}

class ServerConnection {
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #handler: HttpHandler;
  readonly #input: HttpInput;
  readonly #options: HttpServerOptions;
  readonly #pause: number;

  constructor(connection: Connection, clock: Clock, handler: HttpHandler, options: HttpServerOptions) {
    this.#connection = connection;
    this.#clock = clock;
    this.#handler = handler;
    this.#input = new HttpInput(connection);
    this.#options = options;
    this.#pause = options.pauseMilliseconds ?? 20_000;
  }

  async run(): Promise<void> {
    for (let keep = true; keep; ) {
      const started = await within(this.#clock, this.#options.idleMilliseconds ?? 120_000, this.#input.peek());
      if (started === 'too late' || !this.#input.buffered) break;
      keep = await this.#next();
    }
    await this.#sendAway();
  }

  /** Answers the next request; returns whether another one may follow. */
  async #next(): Promise<boolean> {
    let head: RequestHead | undefined;
    let body: RequestBody;
    try {
      const reading = await within(this.#clock, this.#pause, readRequestHead(this.#input));
      if (reading === 'too late') throw new HttpSyntaxError('the request did not come to its end', 408);
      head = reading;
      if (head === undefined) return false;
      const patiently = <T>(reading: Promise<T>) => within(this.#clock, this.#pause, reading);
      body = new RequestBody(this.#connection, this.#input, head, patiently, this.#options.maximumBodyBytes ?? 64 << 20);
    } catch (error) {
      if (!(error instanceof HttpSyntaxError)) throw error;
      await this.#send(head, refusal(error), true);
      return false;
    }
    const gone = new AbortController();
    if (body.finished) this.#input.peek().catch((error: unknown) => gone.abort(error));
    const { minorVersion, ...request } = head;
    let response: HttpResponse;
    try {
      response = await this.#handler({ ...request, body, signal: gone.signal });
    } catch (error) {
      response = error instanceof HttpSyntaxError ? refusal(error) : { status: 500, headers: plainText, body: 'Internal Server Error\n' };
    }
    const connection = request.headers.list('connection');
    const keep = body.skippable && !connection.includes('close') && (minorVersion === 1 || connection.includes('keep-alive'));
    try {
      return (await this.#send(head, response, !keep)) && (await body.skip());
    } catch (error) {
      gone.abort(error);
      throw error;
    }
  }

  async #send(head: RequestHead | undefined, response: HttpResponse, close: boolean): Promise<boolean> {
    let bytes = 0;
    let complete = false;
    const { method = 'GET', minorVersion = 1 } = head ?? {};
    try {
      const kept = await sendResponse(this.#connection, response, { method, minorVersion, close, onBody: (count) => (bytes += count) });
      complete = true;
      return kept;
    } finally {
      if (head !== undefined) this.#options.onExchange?.({ request: head, status: response.status, bytes, complete });
    }
  }

  /** Ends our direction once all of it has arrived, and takes for a moment what the client may still be sending. */
  async #sendAway(): Promise<void> {
    const draining = this.#drain();
    draining.catch(() => undefined);
    await this.#connection.end().catch(() => undefined);
    await within(this.#clock, lingerMilliseconds, draining).catch(() => undefined);
  }

  async #drain(): Promise<void> {
    for (let bytes = 0; bytes < lingerBytes; ) {
      const piece = await this.#input.readSome(lingerBytes);
      if (piece === null) return;
      bytes += piece.length;
    }
  }
}

/** Waits no longer than a client may pause. */
type Patiently = <T>(reading: Promise<T>) => Promise<T | 'too late'>;

/** The body of a request, read within limits, and asked for where the client waits to be asked. */
class RequestBody implements AsyncIterable<Uint8Array> {
  readonly #connection: Connection;
  readonly #framing: Framing;
  readonly #read: () => Promise<Uint8Array | null>;
  readonly #patiently: Patiently;
  readonly #limit: number;
  #expected: boolean;
  #bytes = 0;
  #finished: boolean;
  /** A read has not come back well: nobody knows where the next request begins. */
  #broken = false;

  constructor(connection: Connection, input: HttpInput, head: RequestHead, patiently: Patiently, limit: number) {
    this.#connection = connection;
    this.#framing = requestFraming(head.headers);
    if (this.#framing.kind === 'length' && this.#framing.bytes > limit) throw new HttpSyntaxError('its body is too large', 413);
    this.#read = bodyReader(input, this.#framing);
    this.#patiently = patiently;
    this.#limit = limit;
    this.#finished = this.#framing.kind === 'none';
    this.#expected = !this.#finished && head.headers.list('expect').includes('100-continue') && head.minorVersion === 1;
  }

  get finished(): boolean {
    return this.#finished;
  }

  /** Whether what is left unread is known to be little. */
  get skippable(): boolean {
    if (this.#finished) return true;
    return !this.#broken && !this.#expected && this.#framing.kind === 'length' && this.#framing.bytes - this.#bytes <= skippedBytes;
  }

  /** Reads what was left; returns whether the next request can follow. */
  async skip(): Promise<boolean> {
    try {
      while (!this.#finished) await this.#next();
      return true;
    } catch (error) {
      if (error instanceof HttpSyntaxError) return false;
      throw error;
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void> {
    for (;;) {
      const piece = await this.#next();
      if (piece === null) return;
      yield piece;
    }
  }

  async #next(): Promise<Uint8Array | null> {
    if (this.#finished) return null;
    this.#broken = true;
    if (this.#expected) {
      this.#expected = false;
      await this.#connection.write(encodeUtf8('HTTP/1.1 100 Continue\r\n\r\n'));
    }
    const piece = await this.#patiently(this.#read());
    if (piece === 'too late') throw new HttpSyntaxError('the body did not come to its end', 408);
    if (piece === null) this.#finished = true;
    else this.#bytes += piece.length;
    if (this.#bytes > this.#limit) throw new HttpSyntaxError('its body is too large', 413);
    this.#broken = false;
    return piece;
  }
}

const plainText = { 'Content-Type': 'text/plain; charset=utf-8' };

function refusal(error: HttpSyntaxError): HttpResponse {
  return { status: error.status, headers: plainText, body: `The request is wrong: ${error.message}.\n` };
}
