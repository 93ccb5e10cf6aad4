/** Bounds-checked reading and writing of the protocol's integers and strings (little-endian, strings with a u16 length). */
import { decodeUtf8, encodeUtf8 } from '../shared/bytes.ts';
import { DrydockError } from '../shared/errors.ts';

export { concatBytes, decodeUtf8, encodeUtf8 } from '../shared/bytes.ts';

/** Grows as it is written to. Values that do not fit their field raise a RangeError. */
export class ByteWriter {
  #view = new DataView(new ArrayBuffer(256));
  #length = 0;

  u8(value: number): this {
    const offset = this.#reserve(1, value, 0xff);
    this.#view.setUint8(offset, value);
    return this;
  }

  u16(value: number): this {
    const offset = this.#reserve(2, value, 0xffff);
    this.#view.setUint16(offset, value, true);
    return this;
  }

  u32(value: number): this {
    const offset = this.#reserve(4, value, 0xffffffff);
    this.#view.setUint32(offset, value, true);
    return this;
  }

  i32(value: number): this {
    const offset = this.#reserve(4, Math.abs(value), 0x7fffffff);
    this.#view.setInt32(offset, value, true);
    return this;
  }

  u64(value: number): this {
    const offset = this.#reserve(8, value, Number.MAX_SAFE_INTEGER);
    this.#view.setBigUint64(offset, BigInt(value), true);
    return this;
  }

  string(text: string): this {
    const bytes = encodeUtf8(text);
    return this.u16(bytes.length).bytes(bytes);
  }

  bytes(bytes: Uint8Array): this {
    const offset = this.#reserve(bytes.length, 0, 0);
    new Uint8Array(this.#view.buffer).set(bytes, offset);
    return this;
  }

  finish(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#view.buffer.slice(0, this.#length));
  }

  #reserve(size: number, value: number, maximum: number): number {
    if (!Number.isInteger(value) || value < 0 || value > maximum) throw new RangeError(`${value} does not fit in ${size} bytes`);
    const offset = this.#length;
    this.#length += size;
    if (this.#length > this.#view.byteLength) {
      const larger = new Uint8Array(Math.max(this.#length, this.#view.byteLength * 2));
      larger.set(new Uint8Array(this.#view.buffer));
      this.#view = new DataView(larger.buffer);
    }
    return offset;
  }
}

/** Reads one payload. Reading past its end raises DD2001, as does a forgotten rest (`end`). */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  /** Exact up to 2^53, which no size and no date reaches. */
  u64(): number {
    return Number(this.#view.getBigUint64(this.#advance(8), true));
  }

  string(): string {
    return decodeUtf8(this.bytes(this.u16()));
  }

  bytes(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  end(): void {
    if (this.remaining !== 0) throw new DrydockError('link-protocol-error', { detail: `${this.remaining} bytes too many in a payload` });
  }

  #advance(size: number): number {
    if (size > this.remaining) throw new DrydockError('link-protocol-error', { detail: `a payload ends ${size - this.remaining} bytes early` });
    const start = this.#offset;
    this.#offset += size;
    return start;
  }
}
