/**
 * What the guest has written over a read-only base, in blocks of 4 KiB (the block size of the guest's ext4).
 *
 * A write smaller than a block marks the sectors it covers instead of fetching the rest of the block first: a write
 * therefore never waits for the network and cannot be overtaken by one that does.
 */
import { sectorBytes, type SavedDisk } from './disk.ts';

/** Size of a block of the overlay. */
export const blockBytes = 4096;

const sectorsPerBlock = blockBytes / sectorBytes;
/** All eight sectors of a block are written. */
const wholeBlock = (1 << sectorsPerBlock) - 1;
/** Version of what `save` returns. */
const savedVersion = 1;

interface Block {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Bit n: sector n of the block was written. */
  written: number;
}

export class Overlay {
  readonly #blocks = new Map<number, Block>();

  write(start: number, bytes: Uint8Array): void {
    let position = 0;
    while (position < bytes.length) {
      const offset = start + position;
      const number = Math.floor(offset / blockBytes);
      const from = offset % blockBytes;
      const length = Math.min(blockBytes - from, bytes.length - position);
      let block = this.#blocks.get(number);
      if (block === undefined) {
        block = { bytes: new Uint8Array(blockBytes), written: 0 };
        this.#blocks.set(number, block);
      }
      block.bytes.set(bytes.subarray(position, position + length), from);
      block.written |= sectorMask(from, length);
      position += length;
    }
  }

  /** Whether every byte of the range was written, so that the base is not needed. */
  covers(start: number, length: number): boolean {
    for (const { block, from, size } of this.#pieces(start, length)) {
      const mask = sectorMask(from, size);
      if (block === undefined || (block.written & mask) !== mask) return false;
    }
    return true;
  }

  /** Copies every written sector of the range that starts at `start` over `target`. */
  apply(start: number, target: Uint8Array): void {
    let position = 0;
    for (const { block, from, size } of this.#pieces(start, target.length)) {
      if (block !== undefined) {
        for (let at = 0; at < size; at += sectorBytes) {
          if ((block.written & sectorMask(from + at, sectorBytes)) === 0) continue;
          target.set(block.bytes.subarray(from + at, from + at + sectorBytes), position + at);
        }
      }
      position += size;
    }
  }

  save(): SavedDisk {
    const numbers = Uint32Array.from(this.#blocks.keys()).sort();
    const written = new Uint8Array(numbers.length);
    const bytes = new Uint8Array(numbers.length * blockBytes);
    numbers.forEach((number, index) => {
      const block = this.#blocks.get(number);
      if (block === undefined) return;
      written[index] = block.written;
      bytes.set(block.bytes, index * blockBytes);
    });
    return [savedVersion, numbers, written, bytes];
  }

  restore(saved: unknown): void {
    if (!Array.isArray(saved)) throw new Error('the saved disk is not an array');
    const [version, numbers, written, bytes]: unknown[] = saved;
    if (version !== savedVersion) throw new Error(`the saved disk has version ${String(version)}, expected ${savedVersion}`);
    if (!(numbers instanceof Uint32Array) || !(written instanceof Uint8Array) || !(bytes instanceof Uint8Array)) {
      throw new Error('the saved disk has the wrong shape');
    }
    if (written.length !== numbers.length || bytes.length !== numbers.length * blockBytes) {
      throw new Error('the saved disk is cut short');
    }
    this.#blocks.clear();
    numbers.forEach((number, index) => {
      const start = index * blockBytes;
      this.#blocks.set(number, { bytes: bytes.slice(start, start + blockBytes), written: (written[index] ?? 0) & wholeBlock });
    });
  }

  *#pieces(start: number, length: number): Generator<{ block: Block | undefined; from: number; size: number }> {
    let position = 0;
    while (position < length) {
      const offset = start + position;
      const from = offset % blockBytes;
      const size = Math.min(blockBytes - from, length - position);
      yield { block: this.#blocks.get(Math.floor(offset / blockBytes)), from, size };
      position += size;
    }
  }
}

function sectorMask(from: number, length: number): number {
  return ((1 << (length / sectorBytes)) - 1) << (from / sectorBytes);
}
