/**
 * Where everything of the file system lies: how many groups, and the place of each one's metadata.
 *
 * Bitmaps and inode tables of up to 16 neighbouring groups stand together in the first of them (feature flex_bg). The
 * image is fetched in chunks by a browser, so metadata in one place means fewer chunks, and long runs of data blocks.
 * See the kernel's Documentation/filesystems/ext4: blockgroup.rst ("Layout", "Flexible Block Groups") and super.rst.
 */

export const blockBytes = 4096;
export const inodeBytes = 256;
/** One block of bitmap per group. */
export const blocksPerGroup = 8 * blockBytes;
/** Size of a group descriptor without the 64bit feature. */
export const descriptorBytes = 32;
/** special_inodes.rst: the first ten are the file system's own; number 2 is the root. */
export const rootInode = 2;
/** First inode that is not special; by custom lost+found. */
export const firstInode = 11;

const inodesPerBlock = blockBytes / inodeBytes;
const maximumGroupsPerFlex = 16;
/** A shorter last group is left out: its metadata would hardly leave room for data. mke2fs uses the same number. */
const fewestDataBlocks = 50;

/** Block numbers of a group, and of what it owns. */
export interface Group {
  readonly number: number;
  readonly start: number;
  /** Blocks in the group; less than `blocksPerGroup` only in the last one. */
  readonly blocks: number;
  /** Whether it starts with a copy of the superblock and of the group descriptors. */
  readonly hasSuperblock: boolean;
  readonly blockBitmap: number;
  readonly inodeBitmap: number;
  readonly inodeTable: number;
}

export interface Geometry {
  readonly blockCount: number;
  readonly groups: readonly Group[];
  /** Groups whose metadata stand together, a power of two. */
  readonly groupsPerFlex: number;
  /** Blocks of one copy of the group descriptors. */
  readonly descriptorBlocks: number;
  readonly inodesPerGroup: number;
  /** Blocks of one group's inode table. */
  readonly tableBlocks: number;
}

/**
 * Geometry of a file system of the given size with one inode for every `inodeRatio` bytes.
 *
 * @throws RangeError when the size is not in whole blocks, or too small or too large for the format
 */
export function planGeometry(bytes: number, inodeRatio: number): Geometry {
  if (!Number.isInteger(bytes / blockBytes)) throw new RangeError(`${bytes} bytes are not whole blocks of ${blockBytes} bytes`);
  if (!(inodeRatio >= blockBytes)) throw new RangeError(`an inode for every ${inodeRatio} bytes is more than one for every block`);
  const allBlocks = bytes / blockBytes;
  const inodesPerGroup = Math.max(roundUp(bytes / inodeRatio / Math.ceil(allBlocks / blocksPerGroup), inodesPerBlock), inodesPerBlock);
  const tableBlocks = inodesPerGroup / inodesPerBlock;
  const descriptorBlocks = Math.ceil((Math.ceil(allBlocks / blocksPerGroup) * descriptorBytes) / blockBytes);
  const fewestBlocks = 1 + descriptorBlocks + 2 + tableBlocks + fewestDataBlocks;
  const rest = allBlocks % blocksPerGroup;
  const blockCount = rest < fewestBlocks ? allBlocks - rest : allBlocks;
  const groupCount = Math.ceil(blockCount / blocksPerGroup);
  if (blockCount === 0) throw new RangeError(`${bytes} bytes are too few for a file system`);
  if (blockCount > 0xffffffff || groupCount * inodesPerGroup > 0xffffffff) throw new RangeError(`${bytes} bytes are too many without the 64bit feature`);

  const groupsPerFlex = largestFlex(2 + tableBlocks);
  const groups = Array.from({ length: groupCount }, (_, number): Group => {
    const first = number - (number % groupsPerFlex);
    const members = Math.min(groupsPerFlex, groupCount - first);
    const metadata = first * blocksPerGroup + (hasSuperblock(first) ? 1 + descriptorBlocks : 0);
    return {
      number,
      start: number * blocksPerGroup,
      blocks: Math.min(blocksPerGroup, blockCount - number * blocksPerGroup),
      hasSuperblock: hasSuperblock(number),
      blockBitmap: metadata + (number - first),
      inodeBitmap: metadata + members + (number - first),
      inodeTable: metadata + 2 * members + (number - first) * tableBlocks,
    };
  });
  return { blockCount, groups, groupsPerFlex, descriptorBlocks, inodesPerGroup, tableBlocks };
}

/** The largest number of groups whose metadata fill at most half a group. */
function largestFlex(metadataBlocks: number): number {
  let groups = maximumGroupsPerFlex;
  while (groups > 1 && groups * metadataBlocks > blocksPerGroup / 2) groups /= 2;
  return groups;
}

/** super.rst, sparse_super: groups 0 and 1 and the powers of 3, 5 and 7. */
function hasSuperblock(group: number): boolean {
  return group <= 1 || [3, 5, 7].some((base) => isPower(group, base));
}

function isPower(value: number, base: number): boolean {
  while (value % base === 0) value /= base;
  return value === 1;
}

export function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}
