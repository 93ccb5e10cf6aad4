/** Lines and pieces of a byte stream that arrives in pieces of its own. */
import { concatBytes, decodeUtf8 } from '../bytes.ts';
import { HttpSyntaxError, type SyntaxStatus } from './syntax-error.ts';

/** What bytes come from; `null` or `undefined` once there are no more. One read at a time. */
export interface ByteSource {
  read(): Promise<Uint8Array | null | undefined>;
}

export class HttpInput {
  readonly #source: ByteSource;
  #buffer: Uint8Array = new Uint8Array(0);
  #filling: Promise<boolean> | undefined;
  #ended = false;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Whether bytes are here that nobody has read. */
  get buffered(): boolean {
    return this.#buffer.length > 0;
  }

  /** Waits for the next bytes or the end, without taking them. Rejects as the source does. */
  async peek(): Promise<void> {
    if (this.#buffer.length === 0) await this.#fill();
  }

  /**
   * Up to the line end, without it; `null` when the source ends before the first byte of the line.
   * @param limit of its bytes; a longer one raises HttpSyntaxError with the status
   */
  async readLine(limit: number, status: SyntaxStatus = 431): Promise<string | null> {
    for (let searched = 0; ; ) {
      const end = this.#buffer.indexOf(10, searched);
      if ((end < 0 ? this.#buffer.length : end) > limit) throw new HttpSyntaxError('a line is too long', status);
      if (end >= 0) {
        const line = decodeUtf8(this.#buffer.subarray(0, end));
        this.#buffer = this.#buffer.subarray(end + 1);
        return line.endsWith('\r') ? line.slice(0, -1) : line;
      }
      searched = this.#buffer.length;
      if (await this.#fill()) continue;
      if (searched === 0) return null;
      throw new HttpSyntaxError('it ends within a line');
    }
  }

  /** 1 to `limit` bytes; `null` at the end of the source. */
  async readSome(limit: number): Promise<Uint8Array | null> {
    if (this.#buffer.length === 0 && !(await this.#fill())) return null;
    const piece = this.#buffer.subarray(0, limit);
    this.#buffer = this.#buffer.subarray(piece.length);
    return piece;
  }

  /** Appends what the source gives next; false at its end. A call while another waits shares its read. */
  #fill(): Promise<boolean> {
    this.#filling ??= this.#readSource().finally(() => {
      this.#filling = undefined;
    });
    return this.#filling;
  }

  async #readSource(): Promise<boolean> {
    while (!this.#ended) {
      const more = await this.#source.read();
      if (more === null || more === undefined) this.#ended = true;
      else if (more.length > 0) {
        this.#buffer = this.#buffer.length === 0 ? more : concatBytes([this.#buffer, more]);
        return true;
      }
    }
    return false;
  }
}
