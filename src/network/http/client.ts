/**
 * An HTTP/1.1 client on one connection of the virtual network: one request at a time, kept alive between them.
 *
 * Bodies go both ways at the pace of who reads them; an upgrade (WebSocket) hands the connection over.
 */
import { concatBytes, encodeUtf8 } from '../../shared/bytes.ts';
import { bodyReader, responseFraming, type BodyRead } from '../../shared/http/body.ts';
import { HttpHeaders, readHeaders, type HeaderInit } from '../../shared/http/headers.ts';
import { HttpInput } from '../../shared/http/input.ts';
import { parseStatusLine } from '../../shared/http/status-line.ts';
import { HttpSyntaxError } from '../../shared/http/syntax-error.ts';
import type { Connection } from '../connection.ts';
import { unread } from './unread.ts';

export interface ClientRequest {
  readonly method: string;
  /** Path with query. */
  readonly target: string;
  /** With `Host`. What frames the body is added. */
  readonly headers: HeaderInit;
  readonly body?: Uint8Array | AsyncIterable<Uint8Array>;
  /** Bytes of a streamed body; one without is sent in chunks. */
  readonly length?: number;
}

export interface ClientResponse {
  readonly status: number;
  readonly reason: string;
  readonly headers: HttpHeaders;
  /** To be read once, to its end; leaving it before breaks the connection off. Rejects as `request` does. */
  readonly body: AsyncIterable<Uint8Array>;
  /** After 101: the connection, which is the caller's from now on. */
  readonly upgraded?: Connection;
}

const maximumStatusLine = 8192;

export class HttpClientConnection {
  readonly #connection: Connection;
  readonly #input: HttpInput;
  #state: 'idle' | 'busy' | 'over' = 'idle';

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#input = new HttpInput(connection);
  }

  /** Whether the next request may be sent: the last body was read to its end and the server keeps the connection. */
  get idle(): boolean {
    return this.#state === 'idle';
  }

  /**
   * Sends a request and returns the head of its answer. Rejects with HttpSyntaxError for what is no HTTP, with
   * ConnectionError, with the signal's reason, or as the request's body does; then the connection is broken off.
   */
  async request(request: ClientRequest, signal?: AbortSignal): Promise<ClientResponse> {
    if (this.#state !== 'idle') throw new Error('the connection is not idle');
    this.#state = 'busy';
    const cancelled = Promise.withResolvers<never>();
    cancelled.promise.catch(() => undefined);
    const cancel = () => {
      cancelled.reject(signal?.reason);
      this.close();
    };
    const release = () => signal?.removeEventListener('abort', cancel);
    const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
      try {
        return await Promise.race([cancelled.promise, work()]);
      } catch (error) {
        release();
        this.close();
        throw error;
      }
    };
    if (signal?.aborted === true) cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    return guarded(async () => {
      const sending = this.#send(request);
      // A server may answer before it has everything, and need not take the rest.
      const failed = sending.then(() => new Promise<never>(() => undefined));
      const head = await Promise.race([this.#readHead(), failed]);
      if (head.status === 101) {
        await sending;
        release();
        this.#state = 'over';
        return { ...head, body: nothing(), upgraded: unread(this.#connection, this.#input) };
      }
      const framing = responseFraming(request.method, head.status, head.headers);
      const reusable = head.minorVersion === 1 && framing.kind !== 'until-close' && !head.headers.list('connection').includes('close');
      const finish = async () => {
        release();
        if (reusable && (await isOver(sending))) this.#state = 'idle';
        else this.close();
      };
      if (framing.kind === 'none') {
        await finish();
        return { ...head, body: nothing() };
      }
      return { ...head, body: this.#body(bodyReader(this.#input, framing), guarded, finish, release) };
    });
  }

  /** Breaks it off. */
  close(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#connection.abort();
  }

  async #send(request: ClientRequest): Promise<void> {
    const { method, target, body } = request;
    const headers = new HttpHeaders(request.headers);
    const length = body instanceof Uint8Array ? body.length : request.length;
    if (body !== undefined && length === undefined) headers.set('Transfer-Encoding', 'chunked');
    else if (length !== undefined || !['GET', 'HEAD'].includes(method)) headers.set('Content-Length', String(length ?? 0));
    const head = encodeUtf8(`${method} ${target} HTTP/1.1\r\n${headers.toString()}\r\n`);
    if (body === undefined || body instanceof Uint8Array) {
      await this.#connection.write(body === undefined ? head : concatBytes([head, body]));
      return;
    }
    await this.#connection.write(head);
    let sent = 0;
    for await (const piece of body) {
      sent += piece.length;
      if (length !== undefined && sent > length) break;
      if (length !== undefined) await this.#connection.write(piece);
      else if (piece.length > 0) await this.#connection.write(concatBytes([encodeUtf8(`${piece.length.toString(16)}\r\n`), piece, encodeUtf8('\r\n')]));
    }
    if (length === undefined) await this.#connection.write(encodeUtf8('0\r\n\r\n'));
    else if (sent !== length) throw new Error(`the body is not of the ${length} bytes that were announced`);
  }

  /** The head of the answer; those of interim ones are passed over. */
  async #readHead(): Promise<{ status: number; reason: string; headers: HttpHeaders; minorVersion: number }> {
    for (;;) {
      const line = await this.#input.readLine(maximumStatusLine);
      if (line === null) throw new HttpSyntaxError('the connection ended before an answer');
      const statusLine = parseStatusLine(line);
      const headers = await readHeaders(this.#input);
      if (statusLine.status >= 200 || statusLine.status === 101) return { ...statusLine, headers };
    }
  }

  async *#body(read: BodyRead, guarded: <T>(work: () => Promise<T>) => Promise<T>, finish: () => Promise<void>, release: () => void): AsyncGenerator<Uint8Array, void, void> {
    let ended = false;
    try {
      for (;;) {
        const piece = await guarded(read);
        if (piece === null) break;
        yield piece;
      }
      ended = true;
      await finish();
    } finally {
      if (!ended) {
        release();
        this.close();
      }
    }
  }
}

async function* nothing(): AsyncGenerator<Uint8Array, void, void> {
  // A body without bytes.
}

/** Whether it has settled well already. */
async function isOver(sending: Promise<void>): Promise<boolean> {
  const pending = Promise.resolve('pending' as const);
  return (await Promise.race([sending, pending]).catch(() => 'failed' as const)) === undefined;
}
