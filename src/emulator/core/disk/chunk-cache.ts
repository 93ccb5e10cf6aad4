/**
 * Read-only chunks of a disk image: fetched once each, the latest used ones kept, within a bound on memory.
 *
 * A chunk that cannot be fetched is not an answer the guest could use (it would see an I/O error and remount its root
 * read-only). Whoever wanted it stays parked; `retry` fetches it again.
 */

/** Fetches one chunk, decoded; the last one may be shorter. Rejects when it cannot be had. */
export type ChunkSource = (index: number, signal: AbortSignal) => Promise<Uint8Array>;

export interface ChunkCacheOptions {
  source: ChunkSource;
  /** How many bytes of decoded chunks are kept. One chunk is kept whatever its size. */
  maximumBytes: number;
  /** A wanted chunk could not be had. It stays wanted until `retry` succeeds. */
  onFailure: (index: number, error: unknown) => void;
}

type Waiter = (chunk: Uint8Array) => void;

interface Fetch {
  /** Who wants it; nobody for a chunk that is read ahead. */
  readonly waiters: Set<Waiter>;
  failed: boolean;
}

export class ChunkCache {
  readonly #options: ChunkCacheOptions;
  /** Oldest use first. */
  readonly #kept = new Map<number, Uint8Array>();
  #keptBytes = 0;
  readonly #fetches = new Map<number, Fetch>();
  readonly #abort = new AbortController();

  constructor(options: ChunkCacheOptions) {
    this.#options = options;
  }

  /** The chunk if it is here; this counts as a use. */
  peek(index: number): Uint8Array | undefined {
    const chunk = this.#kept.get(index);
    if (chunk === undefined) return undefined;
    this.#kept.delete(index);
    this.#kept.set(index, chunk);
    return chunk;
  }

  /** Calls `done` with the chunk: at once if it is here, otherwise when it has come. Fetches of a chunk are shared. */
  want(index: number, done: Waiter, signal?: AbortSignal): void {
    const chunk = this.peek(index);
    if (chunk !== undefined) {
      done(chunk);
      return;
    }
    if (signal?.aborted === true) return;
    let fetch = this.#fetches.get(index);
    const fresh = fetch === undefined;
    fetch ??= { waiters: new Set(), failed: false };
    const { waiters } = fetch;
    // Each call is a waiter of its own, even with the same function twice.
    const waiter: Waiter = (bytes) => done(bytes);
    waiters.add(waiter);
    signal?.addEventListener('abort', () => this.#withdraw(index, waiter), { once: true });
    if (fresh) this.#start(index, fetch);
  }

  /** Fetches a chunk that will probably be wanted. A failure is not reported: if it is wanted later, it is tried again. */
  readAhead(index: number): void {
    if (this.#kept.has(index) || this.#fetches.has(index)) return;
    this.#start(index, { waiters: new Set(), failed: false });
  }

  /** Fetches every failed chunk again. */
  retry(): void {
    for (const [index, fetch] of this.#fetches) if (fetch.failed) this.#start(index, fetch);
  }

  /** Abandons everything under way; nobody is called any more. */
  close(): void {
    this.#abort.abort();
    this.#fetches.clear();
    this.#kept.clear();
    this.#keptBytes = 0;
  }

  #start(index: number, fetch: Fetch): void {
    fetch.failed = false;
    this.#fetches.set(index, fetch);
    this.#options.source(index, this.#abort.signal).then(
      (chunk) => this.#arrived(index, fetch, chunk),
      (error: unknown) => this.#missed(index, fetch, error),
    );
  }

  #arrived(index: number, fetch: Fetch, chunk: Uint8Array): void {
    if (this.#abort.signal.aborted || this.#fetches.get(index) !== fetch) return;
    this.#fetches.delete(index);
    this.#keep(index, chunk);
    for (const waiter of fetch.waiters) waiter(chunk);
  }

  #missed(index: number, fetch: Fetch, error: unknown): void {
    if (this.#abort.signal.aborted || this.#fetches.get(index) !== fetch) return;
    if (fetch.waiters.size === 0) {
      this.#fetches.delete(index);
      return;
    }
    fetch.failed = true;
    this.#options.onFailure(index, error);
  }

  #withdraw(index: number, waiter: Waiter): void {
    const fetch = this.#fetches.get(index);
    if (fetch === undefined) return;
    fetch.waiters.delete(waiter);
    // A fetch under way goes on: the guest asks for the same sectors again after a reset of its controller.
    if (fetch.failed && fetch.waiters.size === 0) this.#fetches.delete(index);
  }

  #keep(index: number, chunk: Uint8Array): void {
    this.#kept.set(index, chunk);
    this.#keptBytes += chunk.length;
    for (const [oldest, bytes] of this.#kept) {
      if (this.#keptBytes <= this.#options.maximumBytes || oldest === index) break;
      this.#kept.delete(oldest);
      this.#keptBytes -= bytes.length;
    }
  }
}
