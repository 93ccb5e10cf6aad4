/**
 * Which blocks hold a file: up to four extents stand in the inode itself, more in one block that the inode points to.
 * See the kernel's Documentation/filesystems/ext4, ifork.rst ("Extent Tree").
 */
import type { Run } from './allocation.ts';
import { Fields } from './fields.ts';
import { blockBytes } from './geometry.ts';

const magic = 0xf30a;
/** Size of the header, and of an extent or index. */
const recordBytes = 12;
/** i_block, which holds the top of the tree. */
export const rootBytes = 60;

const extentsInRoot = (rootBytes - recordBytes) / recordBytes;
const extentsInLeaf = Math.floor((blockBytes - recordBytes) / recordBytes);

/** Whether the runs need a block of their own to be listed in. */
export function needsLeaf(runs: readonly Run[]): boolean {
  return runs.length > extentsInRoot;
}

/** What to put into i_block when the runs, in the order of the file, fit into it. */
export function extentRoot(runs: readonly Run[]): Uint8Array<ArrayBuffer> {
  return extentList(runs, rootBytes, extentsInRoot);
}

/** i_block and the content of the one leaf block for more runs. */
export function extentTree(runs: readonly Run[], leafBlock: number): { root: Uint8Array<ArrayBuffer>; leaf: Uint8Array<ArrayBuffer> } {
  const root = new Uint8Array(rootBytes);
  const fields = new Fields(root);
  putHeader(fields, 1, extentsInRoot, 1);
  fields.u32(recordBytes, 0);
  fields.u32(recordBytes + 4, leafBlock);
  return { root, leaf: extentList(runs, blockBytes, extentsInLeaf) };
}

function extentList(runs: readonly Run[], size: number, capacity: number): Uint8Array<ArrayBuffer> {
  // 340 extents are 340 groups or 42 GiB: contiguous files of this builder stay far below.
  if (runs.length > capacity) throw new RangeError(`a file of ${runs.length} extents; ${capacity} have room`);
  const bytes = new Uint8Array(size);
  const fields = new Fields(bytes);
  putHeader(fields, runs.length, capacity, 0);
  let position = 0;
  runs.forEach((run, index) => {
    const at = (index + 1) * recordBytes;
    fields.u32(at, position);
    fields.u16(at + 4, run.blocks);
    fields.u32(at + 8, run.start);
    position += run.blocks;
  });
  return bytes;
}

function putHeader(fields: Fields, entries: number, capacity: number, depth: number): void {
  fields.u16(0, magic);
  fields.u16(2, entries);
  fields.u16(4, capacity);
  fields.u16(6, depth);
}
