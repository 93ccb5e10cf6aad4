/**
 * HTTP/1.1 over a byte pipe: what the Engine API needs of it, and no more.
 *
 * One request at a time on a connection, kept alive between them; bodies are read at the reader's pace, so that a long
 * answer is held back by the channel's window instead of piling up.
 */
import { DrydockError } from '../../shared/errors.ts';
import { concatBytes, decodeUtf8, encodeUtf8 } from '../bytes.ts';
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

const maximumLine = 65_536;
const maximumHeaders = 200;

export class HttpConnection {
  readonly #duplex: Duplex;
  readonly #input: BufferedInput;
  #state: 'idle' | 'busy' | 'closed' = 'idle';

  constructor(duplex: Duplex) {
    this.#duplex = duplex;
    this.#input = new BufferedInput(duplex);
  }

  /** Whether the next request may be sent: the last body was read to its end and the peer keeps the connection. */
  get idle(): boolean {
    return this.#state === 'idle';
  }

  /** Sends a request and reads the head of the answer. Raises ClosedBeforeAnswer, DD3003 or what the pipe raises. */
  async request(request: HttpRequest): Promise<HttpResponse> {
    if (this.#state !== 'idle') throw new Error('the connection is not idle');
    this.#state = 'busy';
    try {
      const body = request.json === undefined ? undefined : encodeUtf8(JSON.stringify(request.json));
      const head = [`${request.method} ${request.path} HTTP/1.1`, 'Host: docker', 'User-Agent: drydock'];
      if (body !== undefined) head.push('Content-Type: application/json');
      if (body !== undefined || request.method !== 'GET') head.push(`Content-Length: ${body?.length ?? 0}`);
      const bytes = encodeUtf8(`${head.join('\r\n')}\r\n\r\n`);
      await this.#duplex.write(body === undefined ? bytes : concatBytes([bytes, body]));
      return await this.#readHead(`${request.method} ${request.path}`);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  close(reason?: DrydockError): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#duplex.close(reason);
  }

  async #readHead(request: string): Promise<HttpResponse> {
    const statusLine = await this.#input.readLine();
    if (statusLine === null) throw new ClosedBeforeAnswer('the connection was closed before an answer');
    const match = /^HTTP\/1\.([01]) ([1-5][0-9]{2})(?: .*)?$/.exec(statusLine);
    if (match === null) throw invalid(request, `the answer starts with “${statusLine.slice(0, 40)}”`);
    const status = Number(match[2]);
    const headers = new Map<string, string>();
    for (let line = await this.#input.readLine(); line !== ''; line = await this.#input.readLine()) {
      const colon = line?.indexOf(':') ?? -1;
      if (line === null || colon < 1) throw invalid(request, 'a header is broken');
      if (headers.size >= maximumHeaders) throw invalid(request, 'there are too many headers');
      headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
    }
    const keepAlive = match[1] === '1' && headers.get('connection')?.toLowerCase() !== 'close';
    const body = this.#bodyReader(request, status, headers);
    const finish = (reusable: boolean) => {
      if (this.#state !== 'busy') return;
      if (keepAlive && reusable) this.#state = 'idle';
      else this.close();
    };
    if (body === 'none') {
      finish(true);
      return { status, headers, read: async () => null };
    }
    let ended = false;
    const read = async () => {
      if (ended) return null;
      try {
        const piece = await body.next();
        if (piece === null) {
          ended = true;
          finish(body.delimited);
        }
        return piece;
      } catch (error) {
        this.close();
        throw error;
      }
    };
    return { status, headers, read };
  }

  #bodyReader(request: string, status: number, headers: ReadonlyMap<string, string>): BodyReader | 'none' {
    if (status === 204 || status === 304 || status < 200) return 'none';
    if (headers.get('transfer-encoding')?.toLowerCase().split(',').at(-1)?.trim() === 'chunked') {
      return { delimited: true, next: chunkReader(this.#input, request) };
    }
    const length = headers.get('content-length');
    if (length === undefined) return { delimited: false, next: () => this.#input.readSome(maximumLine) };
    if (!/^[0-9]{1,15}$/.test(length)) throw invalid(request, 'its length is not a number');
    let rest = Number(length);
    if (rest === 0) return 'none';
    const next = async () => {
      if (rest === 0) return null;
      const piece = await this.#input.readSome(rest);
      if (piece === null) throw invalid(request, `it ends ${rest} bytes early`);
      rest -= piece.length;
      return piece;
    };
    return { delimited: true, next };
  }
}

interface BodyReader {
  /** Whether its end is known without the connection being closed. */
  delimited: boolean;
  next(): Promise<Uint8Array | null>;
}

function chunkReader(input: BufferedInput, request: string): () => Promise<Uint8Array | null> {
  let rest = 0;
  let first = true;
  const line = async () => {
    const text = await input.readLine();
    if (text === null) throw invalid(request, 'it ends within its chunks');
    return text;
  };
  return async () => {
    if (rest === 0) {
      if (!first && (await line()) !== '') throw invalid(request, 'a chunk is longer than announced');
      first = false;
      const size = (await line()).split(';')[0]?.trim() ?? '';
      if (!/^[0-9a-fA-F]{1,8}$/.test(size)) throw invalid(request, 'the size of a chunk is not a number');
      rest = Number.parseInt(size, 16);
      if (rest === 0) {
        while ((await line()) !== '') continue;
        return null;
      }
    }
    const piece = await input.readSome(rest);
    if (piece === null) throw invalid(request, 'it ends within a chunk');
    rest -= piece.length;
    return piece;
  };
}

/** Reads lines and pieces from the pipe. */
class BufferedInput {
  readonly #duplex: Duplex;
  #buffer: Uint8Array = new Uint8Array(0);

  constructor(duplex: Duplex) {
    this.#duplex = duplex;
  }

  /** Up to CRLF, without it; null when the pipe ends before the first byte of the line. */
  async readLine(): Promise<string | null> {
    for (let searched = 0; ; ) {
      const end = this.#buffer.indexOf(10, searched);
      if (end >= 0) {
        const line = decodeUtf8(this.#buffer.subarray(0, end));
        this.#buffer = this.#buffer.subarray(end + 1);
        return line.endsWith('\r') ? line.slice(0, -1) : line;
      }
      searched = this.#buffer.length;
      if (searched > maximumLine) throw invalid('a request', 'a line is too long');
      const more = await this.#duplex.read();
      if (more === null) {
        if (searched === 0) return null;
        throw invalid('a request', 'it ends within a line');
      }
      this.#buffer = searched === 0 ? more : concatBytes([this.#buffer, more]);
    }
  }

  /** 1 to `limit` bytes; null at the end of the pipe. */
  async readSome(limit: number): Promise<Uint8Array | null> {
    if (this.#buffer.length === 0) {
      const more = await this.#duplex.read();
      if (more === null) return null;
      this.#buffer = more;
    }
    const piece = this.#buffer.subarray(0, limit);
    this.#buffer = this.#buffer.subarray(piece.length);
    return piece;
  }
}

function invalid(request: string, reason: string): DrydockError {
  return new DrydockError('engine-answer-invalid', { request, reason });
}
