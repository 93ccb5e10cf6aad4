/** Bytes that wait, taken out in pieces of any size. */
export class ByteQueue {
  #pieces: Uint8Array<ArrayBuffer>[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(bytes: Uint8Array<ArrayBuffer>): void {
    if (bytes.length === 0) return;
    this.#pieces.push(bytes);
    this.#length += bytes.length;
  }

  /** The first `count` bytes; `count` is at most `length`. */
  take(count: number): Uint8Array<ArrayBuffer> {
    const result = new Uint8Array(count);
    let filled = 0;
    let used = 0;
    for (const piece of this.#pieces) {
      const size = Math.min(piece.length, count - filled);
      result.set(piece.subarray(0, size), filled);
      filled += size;
      if (size < piece.length) {
        this.#pieces[used] = piece.subarray(size);
        break;
      }
      used += 1;
    }
    this.#pieces = this.#pieces.slice(used);
    this.#length -= filled;
    return result;
  }

  clear(): void {
    this.#pieces = [];
    this.#length = 0;
  }
}
