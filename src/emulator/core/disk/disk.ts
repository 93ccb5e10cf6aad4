/**
 * What the machine needs of a disk, in our words; `v86-disk.ts` turns it into what v86 expects.
 *
 * ATA transfers whole sectors, so every offset and length is a multiple of 512.
 */

/** Size of an ATA sector: the smallest and only unit that a guest reads or writes. */
export const sectorBytes = 512;

/** What v86 can store in a saved state: nested arrays of numbers, strings and typed arrays, no plain objects. */
export type SavedDisk = (number | Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer>)[];

export interface Disk {
  /** Size in bytes, a multiple of 512. */
  readonly byteLength: number;
  /** The bytes if they are at hand without waiting. The caller must not write into them. */
  peek(start: number, length: number): Uint8Array | undefined;
  /**
   * Calls `done` with the bytes, at once or later. The disk, not the caller, deals with failures: a read that cannot
   * be served yet waits. After `signal` fires, `done` is not called any more.
   */
  read(start: number, length: number, done: (bytes: Uint8Array) => void, signal?: AbortSignal): void;
  /** Takes a copy of the bytes before it returns; a later read sees them. */
  write(start: number, bytes: Uint8Array): void;
  /** What changed against the disk's base. */
  save(): SavedDisk;
  /** Goes back to a saved change set. Throws an `Error` if it is not one for this disk. */
  restore(saved: unknown): void;
}

/** Throws a `RangeError` unless the range consists of whole sectors inside the disk. */
export function assertSectors(disk: { readonly byteLength: number }, start: number, length: number): void {
  if (start % sectorBytes !== 0 || length % sectorBytes !== 0 || start < 0 || start + length > disk.byteLength) {
    throw new RangeError(`bytes ${start}..${start + length} are not whole sectors of a disk of ${disk.byteLength} bytes`);
  }
}
