/** One inode as it stands on the disk: the kernel's Documentation/filesystems/ext4, inodes.rst. */
import { rootBytes } from './extents.ts';
import { Fields } from './fields.ts';
import { blockBytes, inodeBytes } from './geometry.ts';
import { storedLinks, type Node, type NodeContent } from './nodes.ts';

/** The fields after the first 128 bytes that are in use: i_extra_isize up to i_projid. */
export const extraInodeBytes = 32;

/** inodes.rst, i_mode. */
const typeBits: Readonly<Record<NodeContent['kind'], number>> = {
  fifo: 0x1000,
  character: 0x2000,
  directory: 0x4000,
  block: 0x6000,
  file: 0x8000,
  link: 0xa000,
};
/** inodes.rst, i_flags: i_block is an extent tree. */
const extentsFlag = 0x80000;
/** i_blocks counts these, whatever the size of a block. */
const sectorsPerBlock = blockBytes / 512;
/** Times have 34 bits and start in 1901 (inodes.rst, "Inode Timestamps"). */
const earliestTime = -(2 ** 31);
const latestTime = earliestTime + 2 ** 34 - 1;

/** What the inode says about its content. */
export interface InodeData {
  /** Length of the content in bytes. */
  readonly size: number;
  /** Blocks in use, those of the extent tree included. */
  readonly blocks: number;
  /** i_block; at most 60 bytes: an extent tree, a short link's target or a device number. */
  readonly root: Uint8Array;
  readonly isExtentTree: boolean;
}

/**
 * The inode. Modification and access are at the entry's time, the change of the inode and its creation at `epoch`.
 *
 * @throws RangeError when a number does not fit into its field
 */
export function encodeInode(node: Node, data: InodeData, epoch: number): Uint8Array<ArrayBuffer> {
  if (data.root.length > rootBytes) throw new RangeError(`${data.root.length} bytes do not fit into i_block`);
  const { mode, uid, gid, mtime } = node.attributes;
  const bytes = new Uint8Array(inodeBytes);
  const fields = new Fields(bytes);
  fields.u16(0x00, typeBits[node.content.kind] | mode);
  fields.u16(0x02, uid % 0x10000);
  fields.u32(0x04, data.size % 2 ** 32);
  fields.u16(0x18, gid % 0x10000);
  fields.u16(0x1a, storedLinks(node));
  fields.u32(0x1c, data.blocks * sectorsPerBlock);
  fields.u32(0x20, data.isExtentTree ? extentsFlag : 0);
  fields.bytes(0x28, data.root);
  fields.u32(0x6c, Math.floor(data.size / 2 ** 32));
  fields.u16(0x78, Math.floor(uid / 0x10000));
  fields.u16(0x7a, Math.floor(gid / 0x10000));
  fields.u16(0x80, extraInodeBytes);
  putTime(fields, 0x08, 0x8c, mtime);
  putTime(fields, 0x0c, 0x84, epoch);
  putTime(fields, 0x10, 0x88, mtime);
  putTime(fields, 0x90, 0x94, epoch);
  return bytes;
}

/** The low 32 bits as a signed number, and how many times 2^32 to add to it. */
function putTime(fields: Fields, at: number, extraAt: number, seconds: number): void {
  if (!Number.isInteger(seconds) || seconds < earliestTime || seconds > latestTime) throw new RangeError(`${seconds} is not a time that ext4 can store`);
  fields.u32(at, seconds >>> 0);
  fields.u32(extraAt, (seconds - (seconds | 0)) / 2 ** 32);
}

/** i_block of a device. The kernel has two forms: an old one of 8 + 8 bits, and one of 12 + 20 bits after it. */
export function encodeDevice(major: number, minor: number): Uint8Array<ArrayBuffer> {
  if (!(major >= 0 && major < 2 ** 12 && minor >= 0 && minor < 2 ** 20)) throw new RangeError(`${major}:${minor} is not a device number`);
  const root = new Uint8Array(8);
  const fields = new Fields(root);
  if (major < 256 && minor < 256) fields.u32(0, major * 256 + minor);
  else fields.u32(4, ((minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12)) >>> 0);
  return root;
}
