/** One direction of an HTTP/1.1 connection, read as it passes by: heads, pieces of bodies, ends. */
import { concatBytes, decodeUtf8 } from '../../../guest/bytes.ts';

export interface HttpHead {
  /** Such as `GET /v1.47/containers/json HTTP/1.1` or `HTTP/1.1 200 OK`. */
  start: string;
  /** By lower-case name. */
  headers: Map<string, string>;
}

export interface HttpReceiver {
  /** @returns how the message goes on: with a body as its headers say, without one, or as a raw stream from here on */
  head(head: HttpHead): 'body' | 'none' | 'raw';
  body(bytes: Uint8Array): void;
  end(): void;
}

type Mode =
  | { kind: 'head' }
  | { kind: 'length'; left: number }
  | { kind: 'chunk-size' }
  | { kind: 'chunk'; left: number }
  | { kind: 'trailers' }
  /** Until the connection closes. */
  | { kind: 'rest' };

const lineEnd = 13;

export class HttpStream {
  readonly #receiver: HttpReceiver;
  /** An answer without a length lasts until the connection closes; a request then has no body. */
  readonly #answers: boolean;
  #mode: Mode = { kind: 'head' };
  #rest: Uint8Array<ArrayBuffer> = new Uint8Array();

  constructor(answers: boolean, receiver: HttpReceiver) {
    this.#answers = answers;
    this.#receiver = receiver;
  }

  push(bytes: Uint8Array): void {
    this.#rest = concatBytes([this.#rest, bytes]);
    while (this.#step());
  }

  /** The connection closed. */
  close(): void {
    if (this.#mode.kind !== 'head') this.#finish();
  }

  /** @returns whether there may be more to do */
  #step(): boolean {
    const mode = this.#mode;
    switch (mode.kind) {
      case 'head': {
        const text = this.#take('\r\n\r\n');
        if (text === undefined) return false;
        this.#begin(text);
        return true;
      }
      case 'length':
      case 'chunk': {
        if (this.#rest.length === 0) return false;
        const piece = this.#rest.slice(0, mode.left);
        this.#rest = this.#rest.slice(piece.length);
        mode.left -= piece.length;
        this.#receiver.body(piece);
        if (mode.left > 0) return false;
        if (mode.kind === 'length') this.#finish();
        else this.#mode = { kind: 'chunk-size' };
        return true;
      }
      case 'chunk-size': {
        // Behind a chunk stands an empty line.
        if (this.#rest[0] === lineEnd && this.#rest.length >= 2) this.#rest = this.#rest.slice(2);
        const line = this.#take('\r\n');
        if (line === undefined) return false;
        const size = Number.parseInt(line, 16);
        this.#mode = size > 0 ? { kind: 'chunk', left: size } : { kind: 'trailers' };
        return true;
      }
      case 'trailers': {
        const line = this.#take('\r\n');
        if (line === undefined) return false;
        if (line === '') this.#finish();
        return true;
      }
      case 'rest': {
        if (this.#rest.length > 0) this.#receiver.body(this.#rest);
        this.#rest = new Uint8Array();
        return false;
      }
    }
  }

  #begin(text: string): void {
    const [start = '', ...lines] = text.split('\r\n');
    const headers = new Map(lines.map((line): [string, string] => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
    const how = this.#receiver.head({ start, headers });
    const length = headers.get('content-length');
    if (how === 'raw') this.#mode = { kind: 'rest' };
    else if (how === 'none') this.#finish();
    else if (headers.get('transfer-encoding')?.toLowerCase() === 'chunked') this.#mode = { kind: 'chunk-size' };
    else if (length !== undefined && Number(length) > 0) this.#mode = { kind: 'length', left: Number(length) };
    else if (length === undefined && this.#answers) this.#mode = { kind: 'rest' };
    else this.#finish();
  }

  #finish(): void {
    this.#mode = { kind: 'head' };
    this.#receiver.end();
  }

  /** Text up to a mark, which is taken too; undefined while it has not come. */
  #take(mark: string): string | undefined {
    const text = decodeUtf8(this.#rest);
    const at = text.indexOf(mark);
    if (at === -1) return undefined;
    const head = text.slice(0, at + mark.length);
    this.#rest = this.#rest.slice(new TextEncoder().encode(head).length);
    return head.slice(0, at);
  }
}
