/**
 * Bytes of a stream by their distance from its first unfinished one, in memory that is used round and round. Takes memory
 * only as it needs it, up to a bound.
 */
const firstBytes = 4096;

export class ByteRing {
  /** What it may hold at most. */
  readonly capacity: number;
  #bytes = new Uint8Array(0);
  #start = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** Puts bytes at the distance; all of them must lie within the capacity. */
  put(distance: number, bytes: Uint8Array): void {
    this.#reserve(distance + bytes.length);
    const at = (this.#start + distance) % this.#bytes.length;
    const straight = Math.min(bytes.length, this.#bytes.length - at);
    this.#bytes.set(straight === bytes.length ? bytes : bytes.subarray(0, straight), at);
    if (straight < bytes.length) this.#bytes.set(bytes.subarray(straight), 0);
  }

  /** A copy of what was put there. */
  copy(distance: number, length: number): Uint8Array<ArrayBuffer> {
    if (length === 0) return new Uint8Array(0);
    const at = (this.#start + distance) % this.#bytes.length;
    if (at + length <= this.#bytes.length) return this.#bytes.slice(at, at + length);
    const result = new Uint8Array(length);
    const straight = this.#bytes.length - at;
    result.set(this.#bytes.subarray(at), 0);
    result.set(this.#bytes.subarray(0, length - straight), straight);
    return result;
  }

  /** Distances count from here on. */
  skip(length: number): void {
    if (this.#bytes.length > 0) this.#start = (this.#start + length) % this.#bytes.length;
  }

  /** Gives the memory back; nothing it held is needed any more. */
  clear(): void {
    this.#bytes = new Uint8Array(0);
    this.#start = 0;
  }

  #reserve(length: number): void {
    if (length <= this.#bytes.length) return;
    if (length > this.capacity) throw new RangeError(`${length} bytes do not fit into a ring of ${this.capacity}`);
    const larger = new Uint8Array(Math.min(this.capacity, Math.max(firstBytes, 2 ** Math.ceil(Math.log2(length)))));
    larger.set(this.#bytes.subarray(this.#start), 0);
    larger.set(this.#bytes.subarray(0, this.#start), this.#bytes.length - this.#start);
    this.#bytes = larger;
    this.#start = 0;
  }
}
