/** TLS's presentation language (RFC 8446, 3): big-endian numbers and vectors with a length before them. */
import { concatBytes } from '../../shared/bytes.ts';
import { TlsError } from './alert.ts';

/** Bytes of the number before a vector. */
export type Prefix = 1 | 2 | 3;

export function number(bytes: Prefix, value: number): Uint8Array<ArrayBuffer> {
  if (value < 0 || value >= 256 ** bytes) throw new RangeError(`${value} does not fit in ${bytes} bytes`);
  return Uint8Array.from({ length: bytes }, (_, index) => (value / 256 ** (bytes - 1 - index)) & 0xff);
}

export function vector(prefix: Prefix, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return concatBytes([number(prefix, length), ...parts]);
}

/** Reads a structure; what ends early or has a rest raises TlsError with decode_error. */
export class WireReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  number(bytes: Prefix): number {
    return this.bytes(bytes).reduce((sum, byte) => sum * 256 + byte, 0);
  }

  bytes(length: number): Uint8Array {
    if (length > this.remaining) throw new TlsError('decodeError', `a structure ends ${length - this.remaining} bytes early`);
    return this.#bytes.subarray(this.#at, (this.#at += length));
  }

  vector(prefix: Prefix): WireReader {
    return new WireReader(this.bytes(this.number(prefix)));
  }

  rest(): Uint8Array {
    return this.bytes(this.remaining);
  }

  /** Reads items to the end. */
  all<T>(item: (reader: WireReader) => T): T[] {
    const items: T[] = [];
    while (this.remaining > 0) items.push(item(this));
    return items;
  }

  end(): void {
    if (this.remaining > 0) throw new TlsError('decodeError', `a structure is ${this.remaining} bytes too long`);
  }
}
