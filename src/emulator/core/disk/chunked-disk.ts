/**
 * A disk whose base comes in read-only chunks, fetched when the guest reads them, under an overlay of what it writes.
 * A saved state holds the overlay only.
 */
import { ChunkCache, type ChunkSource } from './chunk-cache.ts';
import { assertSectors, type Disk, type SavedDisk } from './disk.ts';
import { Overlay } from './overlay.ts';

export interface ChunkedDiskOptions {
  byteLength: number;
  chunkBytes: number;
  source: ChunkSource;
  /** Chunks known to be zeros, which are neither fetched nor kept. */
  isZeroChunk?: (index: number) => boolean;
  /** Bound on decoded chunks in memory, in bytes. */
  cacheBytes: number;
  /** How many chunks are fetched ahead once the guest reads in sequence; 0 turns it off. */
  readAheadChunks?: number;
  /** A chunk the guest waits for could not be had; see `retry`. */
  onFailure?: (index: number, error: unknown) => void;
  /** The number of reads that wait changed from or to zero. */
  onWaiting?: (waiting: boolean) => void;
}

export class ChunkedDisk implements Disk {
  readonly byteLength: number;
  readonly #options: ChunkedDiskOptions;
  readonly #cache: ChunkCache;
  readonly #overlay = new Overlay();
  #lastChunk = -1;
  #waiting = 0;

  constructor(options: ChunkedDiskOptions) {
    this.#options = options;
    this.byteLength = options.byteLength;
    assertSectors(this, 0, options.byteLength);
    this.#cache = new ChunkCache({
      source: options.source,
      maximumBytes: options.cacheBytes,
      onFailure: (index, error) => options.onFailure?.(index, error),
    });
  }

  peek(start: number, length: number): Uint8Array<ArrayBuffer> | undefined {
    assertSectors(this, start, length);
    const result = new Uint8Array(length);
    if (!this.#overlay.covers(start, length)) {
      for (const index of this.#chunksOf(start, length)) {
        if (this.#isZero(index)) continue;
        const chunk = this.#cache.peek(index);
        if (chunk === undefined) return undefined;
        this.#copy(index, chunk, start, result);
      }
    }
    this.#overlay.apply(start, result);
    return result;
  }

  read(start: number, length: number, done: (bytes: Uint8Array) => void, signal?: AbortSignal): void {
    assertSectors(this, start, length);
    if (signal?.aborted === true) return;
    this.#lookAhead(start, length);
    const ready = this.peek(start, length);
    if (ready !== undefined) {
      done(ready);
      return;
    }
    const result = new Uint8Array(length);
    const chunks = this.#chunksOf(start, length).filter((index) => !this.#isZero(index));
    let missing = chunks.length;
    let open = true;
    const close = (): void => {
      open = false;
      this.#setWaiting(this.#waiting - 1);
    };
    this.#setWaiting(this.#waiting + 1);
    signal?.addEventListener('abort', () => { if (open) close(); }, { once: true });
    for (const index of chunks) {
      this.#cache.want(index, (chunk) => {
        this.#copy(index, chunk, start, result);
        missing -= 1;
        if (missing > 0 || !open) return;
        close();
        // Applied last, so that what was written while the chunks were on their way is seen.
        this.#overlay.apply(start, result);
        done(result);
      }, signal);
    }
  }

  write(start: number, bytes: Uint8Array): void {
    assertSectors(this, start, bytes.length);
    this.#overlay.write(start, bytes);
  }

  /** Fetches again what could not be had; the reads that wait for it then go on. */
  retry(): void {
    this.#cache.retry();
  }

  /** Abandons all fetches; reads that wait are never answered. */
  close(): void {
    this.#cache.close();
    this.#setWaiting(0);
  }

  save(): SavedDisk {
    return this.#overlay.save();
  }

  restore(saved: unknown): void {
    this.#overlay.restore(saved);
  }

  #lookAhead(start: number, length: number): void {
    const count = this.#options.readAheadChunks ?? 0;
    const { chunkBytes } = this.#options;
    const first = Math.floor(start / chunkBytes);
    const last = Math.floor((start + length - 1) / chunkBytes);
    const sequential = first === this.#lastChunk + 1 || last > first;
    this.#lastChunk = last;
    if (!sequential) return;
    const end = Math.min(last + count, Math.ceil(this.byteLength / chunkBytes) - 1);
    for (let index = last + 1; index <= end; index++) if (!this.#isZero(index)) this.#cache.readAhead(index);
  }

  #setWaiting(count: number): void {
    const before = this.#waiting;
    this.#waiting = count;
    if ((before > 0) !== (count > 0)) this.#options.onWaiting?.(count > 0);
  }

  #isZero(index: number): boolean {
    return this.#options.isZeroChunk?.(index) ?? false;
  }

  #chunksOf(start: number, length: number): number[] {
    const { chunkBytes } = this.#options;
    const first = Math.floor(start / chunkBytes);
    const last = Math.floor((start + length - 1) / chunkBytes);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  }

  /** Copies the part of a chunk that lies in the range which starts at `start` into `result`. */
  #copy(index: number, chunk: Uint8Array, start: number, result: Uint8Array): void {
    const offset = index * this.#options.chunkBytes - start;
    const from = Math.max(0, -offset);
    const to = Math.min(chunk.length, result.length - offset);
    if (to > from) result.set(chunk.subarray(from, to), offset + from);
  }
}
