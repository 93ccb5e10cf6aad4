/**
 * Shows a `Disk` to v86 under the names its IDE controller calls (src/buffer.js and src/ide.js of v86 0.5.462).
 */
import type { Disk, SavedDisk } from './disk.ts';

/** The object v86 accepts as `hda` or `hdb`: it is used as it is because it has `get`, `set` and `load`. */
export interface V86Disk {
  readonly byteLength: number;
  /** Set by v86 before it calls `load`. */
  onload: ((event: object) => void) | undefined;
  load(): void;
  get(start: number, length: number, done: (bytes: Uint8Array) => void, options?: { signal?: AbortSignal }): void;
  get_and_cache(start: number, length: number, done: (bytes: Uint8Array) => void): void;
  get_from_cache(start: number, length: number): Uint8Array | undefined;
  set(start: number, bytes: Uint8Array, done: () => void): void;
  get_buffer(done: (buffer?: ArrayBuffer) => void): void;
  get_state(): SavedDisk;
  set_state(saved: unknown): void;
}

/** Counts the reads that v86 waits for, over all disks of a machine. */
export class PendingReads {
  count = 0;
}

/** A class, not a literal: v86 complains on the console about plain objects in its state. */
class Adapter implements V86Disk {
  readonly byteLength: number;
  onload: ((event: object) => void) | undefined = undefined;
  readonly #disk: Disk;
  readonly #waking: boolean;
  readonly #pending: PendingReads;

  constructor(disk: Disk, waking: boolean, pending: PendingReads) {
    this.byteLength = disk.byteLength;
    this.#disk = disk;
    this.#waking = waking;
    this.#pending = pending;
  }

  load(): void {
    this.onload?.({});
  }

  get(start: number, length: number, done: (bytes: Uint8Array) => void, options?: { signal?: AbortSignal }): void {
    const signal = options?.signal;
    let open = true;
    // An aborted read (the guest has reset its controller) is not answered any more.
    const close = (): boolean => {
      const was = open;
      if (was) this.#pending.count -= 1;
      open = false;
      return was;
    };
    this.#pending.count += 1;
    signal?.addEventListener('abort', close, { once: true });
    this.#disk.read(start, length, (bytes) => {
      if (close()) done(bytes);
    }, signal);
  }

  get_and_cache(start: number, length: number, done: (bytes: Uint8Array) => void): void {
    if (this.#waking) done(new Uint8Array(length));
    else this.get(start, length, done);
  }

  get_from_cache(start: number, length: number): Uint8Array | undefined {
    return this.#waking ? undefined : this.#disk.peek(start, length);
  }

  set(start: number, bytes: Uint8Array, done: () => void): void {
    this.#disk.write(start, bytes);
    done();
  }

  get_buffer(done: (buffer?: ArrayBuffer) => void): void {
    done();
  }

  get_state(): SavedDisk {
    return this.#disk.save();
  }

  set_state(saved: unknown): void {
    this.#disk.restore(saved);
  }
}

/**
 * `waking`: a state will be restored. v86 then need not see the partition table, which it otherwise reads before the
 * boot to guess a cylinder geometry: that would download the first chunk for nothing.
 */
export function toV86Disk(disk: Disk, waking: boolean, pending: PendingReads): V86Disk {
  return new Adapter(disk, waking, pending);
}
