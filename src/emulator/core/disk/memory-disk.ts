/**
 * A disk in this process's memory that grows as it is written: what the image builder installs onto.
 */
import { assertSectors, type Disk, type SavedDisk } from './disk.ts';

/** Pages are allocated as they are written; 1 MiB keeps the map small without wasting much. */
const pageBytes = 1 << 20;

export class MemoryDisk implements Disk {
  readonly byteLength: number;
  readonly #pages = new Map<number, Uint8Array<ArrayBuffer>>();

  /** A disk of zeros, or of the given content followed by zeros. */
  constructor(byteLength: number, content?: Uint8Array) {
    this.byteLength = byteLength;
    assertSectors(this, 0, byteLength);
    if (content !== undefined) this.#set(0, content);
  }

  peek(start: number, length: number): Uint8Array<ArrayBuffer> {
    assertSectors(this, start, length);
    return this.slice(start, length);
  }

  read(start: number, length: number, done: (bytes: Uint8Array) => void): void {
    done(this.peek(start, length));
  }

  write(start: number, bytes: Uint8Array): void {
    assertSectors(this, start, bytes.length);
    this.#set(start, bytes);
  }

  /** A copy of any range; it ends early at the end of the disk. */
  slice(start: number, length: number): Uint8Array<ArrayBuffer> {
    const result = new Uint8Array(Math.max(0, Math.min(length, this.byteLength - start)));
    for (const piece of pieces(start, result.length)) {
      const page = this.#pages.get(piece.page);
      if (page !== undefined) result.set(page.subarray(piece.from, piece.from + piece.size), piece.position);
    }
    return result;
  }

  /** The content in order, cut into chunks; `null` for a chunk of zeros. The last one may be shorter. */
  *export(chunkBytes: number): Generator<Uint8Array<ArrayBuffer> | null> {
    for (let start = 0; start < this.byteLength; start += chunkBytes) {
      const chunk = this.slice(start, chunkBytes);
      yield isZero(chunk) ? null : chunk;
    }
  }

  save(): SavedDisk {
    const numbers = Uint32Array.from(this.#pages.keys()).sort();
    const bytes = new Uint8Array(numbers.length * pageBytes);
    numbers.forEach((number, index) => {
      const page = this.#pages.get(number);
      if (page !== undefined) bytes.set(page, index * pageBytes);
    });
    return [this.byteLength, numbers, bytes];
  }

  restore(saved: unknown): void {
    if (!Array.isArray(saved)) throw new Error('the saved disk is not an array');
    const [byteLength, numbers, bytes]: unknown[] = saved;
    if (byteLength !== this.byteLength) throw new Error(`the saved disk has ${String(byteLength)} bytes, expected ${this.byteLength}`);
    if (!(numbers instanceof Uint32Array) || !(bytes instanceof Uint8Array) || bytes.length !== numbers.length * pageBytes) {
      throw new Error('the saved disk has the wrong shape');
    }
    this.#pages.clear();
    numbers.forEach((number, index) => this.#pages.set(number, bytes.slice(index * pageBytes, (index + 1) * pageBytes)));
  }

  #set(start: number, bytes: Uint8Array): void {
    for (const piece of pieces(start, bytes.length)) {
      let page = this.#pages.get(piece.page);
      if (page === undefined) {
        page = new Uint8Array(pageBytes);
        this.#pages.set(piece.page, page);
      }
      page.set(bytes.subarray(piece.position, piece.position + piece.size), piece.from);
    }
  }
}

/** Whether all bytes are zero. */
export function isZero(bytes: Uint8Array): boolean {
  const aligned = bytes.byteOffset % 4 === 0;
  const words = aligned ? new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2) : new Uint32Array(0);
  for (const word of words) if (word !== 0) return false;
  for (let index = words.length * 4; index < bytes.length; index++) if (bytes[index] !== 0) return false;
  return true;
}

function* pieces(start: number, length: number): Generator<{ page: number; from: number; size: number; position: number }> {
  let position = 0;
  while (position < length) {
    const from = (start + position) % pageBytes;
    const size = Math.min(pageBytes - from, length - position);
    yield { page: Math.floor((start + position) / pageBytes), from, size, position };
    position += size;
  }
}
