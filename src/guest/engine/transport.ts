/**
 * Requests to the Docker Engine over its Unix socket.
 *
 * Ordinary requests share one connection, one after the other: on the emulated processor a new connection costs more
 * than a request. Answers without an end (events, followed logs) get a connection of their own.
 */
import type { z } from 'zod';
import type { Clock } from '../../shared/clock.ts';
import { DrydockError, isDrydockError, reasonOf } from '../../shared/errors.ts';
import { concatBytes, decodeUtf8 } from '../bytes.ts';
import type { Duplex } from '../socket.ts';
import type { WaitOptions } from '../supervise.ts';
import { ClosedBeforeAnswer, HttpConnection, type HttpRequest, type HttpResponse } from './http.ts';

/** What the engine client needs of the AgentClient. */
export interface SocketConnector {
  /** Times waits for the engine. */
  readonly clock: Clock;
  connectUnix(path: string, options?: WaitOptions): Promise<Duplex>;
}

/** A complete answer. */
export interface EngineAnswer {
  headers: ReadonlyMap<string, string>;
  body: Uint8Array<ArrayBuffer>;
}

/** Engine API version in use: of Docker 24, which every later engine still speaks, with stable fields. */
export const apiPrefix = '/v1.43';

const defaultTimeoutMs = 60_000;
const maximumAnswer = 32 << 20;

export class EngineTransport {
  readonly #connector: SocketConnector;
  readonly #socketPath: string;
  #shared: HttpConnection | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(connector: SocketConnector, socketPath: string) {
    this.#connector = connector;
    this.#socketPath = socketPath;
  }

  /** A request with its whole answer. Raises DD3001 to DD3004, DD2011 when aborted, DD2012 when the link is gone. */
  async request(request: HttpRequest, options: WaitOptions = {}): Promise<EngineAnswer> {
    const turn = this.#queue.then(() => this.#perform(request, options));
    this.#queue = turn.catch(() => {});
    return turn;
  }

  /** A GET whose JSON answer must fit the schema. */
  async json<T>(path: string, schema: z.ZodType<T>, options?: WaitOptions): Promise<T> {
    const { body } = await this.request({ method: 'GET', path }, options);
    return parseJson(`GET ${path}`, decodeUtf8(body), schema);
  }

  /** Opens an answer without an end on its own connection; it ends when the signal aborts. */
  async stream(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    const name = nameOf(request);
    let connection: HttpConnection | undefined;
    const onAbort = () => connection?.close(cancelled(name, signal));
    const failed = (error: unknown) => {
      connection?.close();
      signal.removeEventListener('abort', onAbort);
      return this.#translate(name, error);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const opened = await this.#within(name, { signal }, (options) => this.#connect(options), () => {});
      connection = opened;
      const response = await this.#within(name, { signal }, () => opened.request(request), () => opened.close());
      await this.#refuseError(name, response);
      const read = async () => {
        try {
          const piece = await response.read();
          if (piece === null) signal.removeEventListener('abort', onAbort);
          return piece;
        } catch (error) {
          throw failed(error);
        }
      };
      return { ...response, read };
    } catch (error) {
      throw failed(error);
    }
  }

  async #perform(request: HttpRequest, options: WaitOptions): Promise<EngineAnswer> {
    const name = nameOf(request);
    try {
      return await this.#within(name, options, (waits) => this.#attempt(request, waits), (error) => this.#drop(error));
    } catch (error) {
      throw this.#translate(name, error);
    }
  }

  async #attempt(request: HttpRequest, options: WaitOptions): Promise<EngineAnswer> {
    const reused = this.#shared?.idle === true ? this.#shared : undefined;
    if (reused !== undefined) {
      try {
        return await this.#exchange(reused, request);
      } catch (error) {
        // The engine was restarted since; a request that it never saw may be sent again, one that changes things may not.
        const stale = error instanceof ClosedBeforeAnswer || isDrydockError(error, 'channel-closed');
        if (!stale || request.method !== 'GET') throw error;
      }
    }
    const fresh = await this.#connect(options);
    this.#shared = fresh;
    return this.#exchange(fresh, request);
  }

  async #exchange(connection: HttpConnection, request: HttpRequest): Promise<EngineAnswer> {
    const response = await connection.request(request);
    await this.#refuseError(nameOf(request), response);
    return { headers: response.headers, body: await readAll(nameOf(request), response) };
  }

  async #refuseError(name: string, response: HttpResponse): Promise<void> {
    if (response.status >= 200 && response.status < 300) return;
    const text = decodeUtf8(await readAll(name, response));
    throw new DrydockError('engine-api-error', { request: name, status: response.status, message: messageOf(text) });
  }

  async #connect(options: WaitOptions): Promise<HttpConnection> {
    return new HttpConnection(await this.#connector.connectUnix(this.#socketPath, options));
  }

  #drop(error: DrydockError): void {
    this.#shared?.close(error);
    this.#shared = undefined;
  }

  /** Limits the time of one exchange, whoever is slow. */
  async #within<T>(name: string, options: WaitOptions, work: (options: WaitOptions) => Promise<T>, abandon: (error: DrydockError) => void): Promise<T> {
    const { signal, timeoutMs = defaultTimeoutMs } = options;
    if (signal?.aborted) throw cancelled(name, signal);
    const stopped = Promise.withResolvers<never>();
    const stop = (error: DrydockError) => {
      stopped.reject(error);
      abandon(error);
    };
    const onAbort = () => stop(cancelled(name, signal));
    const late = () => stop(new DrydockError('engine-timed-out', { request: name, seconds: Math.round(timeoutMs / 1000) }));
    const cancelTimer = this.#connector.clock.after(timeoutMs, late);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const working = work({ signal, timeoutMs });
      working.catch(() => {});
      return await Promise.race([stopped.promise, working]);
    } finally {
      cancelTimer();
      signal?.removeEventListener('abort', onAbort);
    }
  }

  #translate(name: string, error: unknown): unknown {
    if (isDrydockError(error, 'channel-refused')) return unreachable(String(error.params['message']), error);
    if (isDrydockError(error, 'channel-closed') || error instanceof ClosedBeforeAnswer) return unreachable('the connection was closed', error);
    if (isDrydockError(error, 'command-timed-out')) return new DrydockError('engine-timed-out', { request: name, seconds: error.params['seconds'] ?? 0 }, { cause: error });
    return error;
  }
}

/** Parses and validates an answer; raises DD3003 with the first thing that is wrong. */
export function parseJson<T>(name: string, text: string, schema: z.ZodType<T>): T {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new DrydockError('engine-answer-invalid', { request: name, reason: reasonOf(error) }, { cause: error });
  }
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const reason = issue === undefined ? 'unknown shape' : `${issue.path.join('.') || 'the answer'}: ${issue.message}`;
  throw new DrydockError('engine-answer-invalid', { request: name, reason }, { cause: parsed.error });
}

async function readAll(name: string, response: HttpResponse): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for (let part = await response.read(); part !== null; part = await response.read()) {
    size += part.length;
    if (size > maximumAnswer) throw new DrydockError('output-too-large', { what: `the answer to ${name}`, limitBytes: maximumAnswer });
    parts.push(part);
  }
  return concatBytes(parts);
}

/** The engine's own words: errors are `{"message": "..."}`. */
function messageOf(text: string): string {
  try {
    const data: unknown = JSON.parse(text);
    if (typeof data === 'object' && data !== null && 'message' in data && typeof data.message === 'string') return data.message;
  } catch {
    // Not JSON: a proxy or a very early failure; the text itself says most.
  }
  return text.trim().slice(0, 500);
}

function nameOf(request: HttpRequest): string {
  return `${request.method} ${request.path}`;
}

function unreachable(reason: string, cause: unknown): DrydockError {
  return new DrydockError('engine-unreachable', { reason }, { cause });
}

function cancelled(name: string, signal: AbortSignal | undefined): DrydockError {
  return new DrydockError('operation-cancelled', { what: name }, { cause: signal?.reason });
}
