/**
 * Writes the little-endian fields of an on-disk structure. Shorter to read than DataView, and it refuses a value that
 * does not fit, where DataView would keep the low bits: a wrapped user id or block number must not reach a disk.
 */
export class Fields {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  /** Fields of the given bytes; offsets count from their start. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u8(at: number, value: number): void {
    this.#view.setUint8(at, checked(value, 0xff));
  }

  u16(at: number, value: number): void {
    this.#view.setUint16(at, checked(value, 0xffff), true);
  }

  u32(at: number, value: number): void {
    this.#view.setUint32(at, checked(value, 0xffffffff), true);
  }

  bytes(at: number, value: Uint8Array): void {
    this.#bytes.set(value, at);
  }
}

function checked(value: number, maximum: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= maximum) return value;
  throw new RangeError(`${value} does not fit into a field that holds 0 to ${maximum}`);
}
