/**
 * Overwrites the unused blocks of an ext4 file system with zeros.
 *
 * Installing leaves dead data behind (temporary files, replaced blocks). Zeros cost nothing in the published image: a
 * chunk of zeros is not even a file. Layout as in the kernel's Documentation/filesystems/ext4 (super.rst,
 * group_descr.rst, bitmaps.rst), for file systems without the 64bit feature.
 */

import { isZero } from '../../../src/emulator/core/disk/memory-disk.ts';

/** What is needed of a disk to be cleaned. */
export interface WritableDisk {
  slice(start: number, length: number): Uint8Array<ArrayBuffer>;
  write(start: number, bytes: Uint8Array): void;
}

const superblockOffset = 1024;
const superblockMagic = 0xef53;
const incompat64bit = 0x80;
const groupDescriptorBytes = 32;
/** bg_flags: the block bitmap of this group was never written; it says nothing. */
const blockUninit = 0x2;

/** Zeroes every block that the block bitmaps call free. Returns how many bytes of other content were cleared. */
export function zeroUnusedBlocks(disk: WritableDisk): number {
  const superblock = view(disk.slice(superblockOffset, 1024));
  if (superblock.getUint16(0x38, true) !== superblockMagic) throw new Error('the disk holds no ext4 file system');
  if ((superblock.getUint32(0x60, true) & incompat64bit) !== 0) throw new Error('ext4 with the 64bit feature is not understood');
  const blockCount = superblock.getUint32(0x04, true);
  const firstBlock = superblock.getUint32(0x14, true);
  const blockBytes = 1024 << superblock.getUint32(0x18, true);
  const blocksPerGroup = superblock.getUint32(0x20, true);
  const groups = Math.ceil((blockCount - firstBlock) / blocksPerGroup);
  const descriptors = view(disk.slice((firstBlock + 1) * blockBytes, roundUp(groups * groupDescriptorBytes, 512)));
  const zeros = new Uint8Array(blockBytes);
  let cleared = 0;

  for (let group = 0; group < groups; group++) {
    const descriptor = group * groupDescriptorBytes;
    if ((descriptors.getUint16(descriptor + 0x12, true) & blockUninit) !== 0) continue;
    const bitmap = disk.slice(descriptors.getUint32(descriptor, true) * blockBytes, blockBytes);
    const start = firstBlock + group * blocksPerGroup;
    const count = Math.min(blocksPerGroup, blockCount - start);
    for (let index = 0; index < count; index++) {
      if (((bitmap[index >> 3] ?? 0) & (1 << (index & 7))) !== 0) continue;
      const offset = (start + index) * blockBytes;
      if (isZero(disk.slice(offset, blockBytes))) continue;
      disk.write(offset, zeros);
      cleared += blockBytes;
    }
  }
  return cleared;
}

function view(bytes: Uint8Array<ArrayBuffer>): DataView<ArrayBuffer> {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}
