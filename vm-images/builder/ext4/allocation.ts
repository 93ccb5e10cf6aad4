/**
 * Hands out blocks from the start of the disk to its end, so that what is written one after the other lies one after
 * the other, and keeps the bitmaps (the kernel's Documentation/filesystems/ext4, bitmaps.rst).
 */
import { BuildError } from '../errors.ts';
import { blockBytes, blocksPerGroup, type Geometry } from './geometry.ts';

/** Neighbouring blocks. */
export interface Run {
  readonly start: number;
  readonly blocks: number;
}

/** A set bit for everything in use. */
export class Bitmap {
  readonly #bits: Uint8Array<ArrayBuffer>;

  constructor(size: number) {
    this.#bits = new Uint8Array(Math.ceil(size / 8));
  }

  has(index: number): boolean {
    return ((this.#bits[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
  }

  add(start: number, count: number): void {
    for (let index = start; index < start + count; index++) this.#bits[index >> 3] = (this.#bits[index >> 3] ?? 0) | (1 << (index & 7));
  }

  /** How many of the range are not in use. */
  free(start: number, count: number): number {
    let free = 0;
    for (let index = start; index < start + count; index++) if (!this.has(index)) free++;
    return free;
  }

  /** A group's bitmap as it stands on the disk: one block, with the bits beyond `count` set. */
  block(start: number, count: number): Uint8Array<ArrayBuffer> {
    const bitmap = new Bitmap(8 * blockBytes);
    for (let index = 0; index < count; index++) if (this.has(start + index)) bitmap.add(index, 1);
    bitmap.add(count, 8 * blockBytes - count);
    return bitmap.#bits;
  }
}

export class BlockAllocator {
  /** In use, metadata included. */
  readonly used: Bitmap;
  readonly #blockCount: number;
  #next = 0;

  constructor(geometry: Geometry) {
    this.used = new Bitmap(geometry.blockCount);
    this.#blockCount = geometry.blockCount;
    for (const group of geometry.groups) {
      if (group.hasSuperblock) this.used.add(group.start, 1 + geometry.descriptorBlocks);
      this.used.add(group.blockBitmap, 1);
      this.used.add(group.inodeBitmap, 1);
      this.used.add(group.inodeTable, geometry.tableBlocks);
    }
  }

  /**
   * The next free blocks, in runs that do not cross the end of a group.
   *
   * @throws BuildError `install-failed` when the disk is full
   */
  allocate(blocks: number): Run[] {
    const runs: Run[] = [];
    for (let missing = blocks; missing > 0; ) {
      while (this.#next < this.#blockCount && this.used.has(this.#next)) this.#next++;
      const start = this.#next;
      const end = Math.min(start + missing, start - (start % blocksPerGroup) + blocksPerGroup, this.#blockCount);
      while (this.#next < end && !this.used.has(this.#next)) this.#next++;
      const run = { start, blocks: this.#next - start };
      if (run.blocks === 0) {
        throw new BuildError(
          'install-failed',
          `The machine's files do not fit onto its disk of ${Math.floor((this.#blockCount * blockBytes) / 2 ** 20)} MiB.`,
          'Make the disk larger (diskBytes in vm-images/builder/boot/parameters.ts), or leave packages or images out of vm-images/recipe.',
        );
      }
      this.used.add(run.start, run.blocks);
      runs.push(run);
      missing -= run.blocks;
    }
    return runs;
  }
}
