/**
 * HTTP/1.1 over a byte pipe: what the Engine API needs of it, and no more.
 *
 * One request at a time on a connection, kept alive between them; bodies are read at the reader's pace, so that a long
 * answer is held back by the channel's window instead of piling up. The messages themselves are read by src/shared/http.
 */
import { DrydockError } from '../../shared/errors.ts';
import { bodyReader, responseFraming } from '../../shared/http/body.ts';
import { readHeaders } from '../../shared/http/headers.ts';
import { HttpInput } from '../../shared/http/input.ts';
import { parseStatusLine } from '../../shared/http/status-line.ts';
import { HttpSyntaxError } from '../../shared/http/syntax-error.ts';
import { concatBytes, encodeUtf8 } from '../bytes.ts';
import type { Duplex } from '../socket.ts';

export interface HttpRequest {
  method: 'GET' | 'POST' | 'DELETE' | 'PUT';
  /** Path with query. */
  path: string;
  /** Sent as JSON. */
  json?: unknown;
}

export interface HttpResponse {
  status: number;
  /** Names in lower case. */
  headers: ReadonlyMap<string, string>;
  /** The next piece of the body, or null at its end. */
  read(): Promise<Uint8Array | null>;
}

/** The peer closed before it answered at all: on a connection used before, the request may be sent again on a new one. */
export class ClosedBeforeAnswer extends Error {
  override name = 'ClosedBeforeAnswer';
}

const maximumStatusLine = 65_536;

export class HttpConnection {
  readonly #duplex: Duplex;
  readonly #input: HttpInput;
  #state: 'idle' | 'busy' | 'closed' = 'idle';

  constructor(duplex: Duplex) {
    this.#duplex = duplex;
    this.#input = new HttpInput(duplex);
  }

  /** Whether the next request may be sent: the last body was read to its end and the peer keeps the connection. */
  get idle(): boolean {
    return this.#state === 'idle';
  }

  /** Sends a request and reads the head of the answer. Raises ClosedBeforeAnswer, DD3003 or what the pipe raises. */
  async request(request: HttpRequest): Promise<HttpResponse> {
    if (this.#state !== 'idle') throw new Error('the connection is not idle');
    this.#state = 'busy';
    const name = `${request.method} ${request.path}`;
    return this.#closingOnFailure(name, async () => {
      const body = request.json === undefined ? undefined : encodeUtf8(JSON.stringify(request.json));
      const head = [`${name} HTTP/1.1`, 'Host: docker', 'User-Agent: drydock'];
      if (body !== undefined) head.push('Content-Type: application/json');
      if (body !== undefined || request.method !== 'GET') head.push(`Content-Length: ${body?.length ?? 0}`);
      const bytes = encodeUtf8(`${head.join('\r\n')}\r\n\r\n`);
      await this.#duplex.write(body === undefined ? bytes : concatBytes([bytes, body]));
      return this.#readAnswer(request.method, name);
    });
  }

  close(reason?: DrydockError): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#duplex.close(reason);
  }

  async #readAnswer(method: string, name: string): Promise<HttpResponse> {
    const line = await this.#input.readLine(maximumStatusLine);
    if (line === null) throw new ClosedBeforeAnswer('the connection was closed before an answer');
    const { minorVersion, status } = parseStatusLine(line);
    const fields = await readHeaders(this.#input);
    const headers = new Map([...fields].map(([field]) => [field.toLowerCase(), fields.get(field) ?? '']));
    const framing = responseFraming(method, status, fields);
    const reusable = minorVersion === 1 && !fields.list('connection').includes('close') && framing.kind !== 'until-close';
    if (framing.kind === 'none') {
      this.#finish(reusable);
      return { status, headers, read: async () => null };
    }
    const next = bodyReader(this.#input, framing);
    let ended = false;
    const read = () =>
      this.#closingOnFailure(name, async () => {
        const piece = ended ? null : await next();
        if (piece === null && !ended) {
          ended = true;
          this.#finish(reusable);
        }
        return piece;
      });
    return { status, headers, read };
  }

  #finish(reusable: boolean): void {
    if (this.#state !== 'busy') return;
    if (reusable) this.#state = 'idle';
    else this.close();
  }

  async #closingOnFailure<T>(request: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.close();
      if (error instanceof HttpSyntaxError) throw new DrydockError('engine-answer-invalid', { request, reason: error.message }, { cause: error });
      throw error;
    }
  }
}
