/**
 * The superblock and the group descriptors: the kernel's Documentation/filesystems/ext4, super.rst and
 * group_descr.rst.
 */
import { Fields } from './fields.ts';
import { blockBytes, blocksPerGroup, descriptorBytes, firstInode, inodeBytes, type Geometry } from './geometry.ts';
import { extraInodeBytes } from './inodes.ts';

/** Where it starts on the disk, and in the copies' groups it is at 0. */
export const superblockOffset = 1024;
const superblockBytes = 1024;

const magic = 0xef53;
/**
 * Features that change nothing for who does not know them. dir_index: directories that grow get a hash tree, made by
 * the kernel. ext_attr: Docker's overlays are held together by extended attributes.
 */
const compatible = { ext_attr: 0x8, dir_index: 0x20 };
/** Who does not know these cannot read the file system. */
const incompatible = { filetype: 0x2, extents: 0x40, flex_bg: 0x200 };
/** Who does not know these must not write to it. */
const readOnlyCompatible = { sparse_super: 0x1, large_file: 0x2, dir_nlink: 0x20, extra_isize: 0x40 };

const stateClean = 1;
const onErrorsContinue = 1;
const dynamicRevision = 1;
const hashHalfMd4 = 1;
/** s_flags: names are hashed as signed characters, as on x86. Without it the kernel would write it at the first mount. */
const signedHash = 1;
const neverByMountCount = 0xffff;

/** Who the file system is. */
export interface Identity {
  /** 16 bytes; also the seed of the directories' hashes. */
  readonly uuid: Uint8Array;
  /** At most 16 bytes. */
  readonly label: Uint8Array;
  /** When it was made, in seconds since 1970. */
  readonly epoch: number;
}

/** What is in use in a group. */
export interface GroupUsage {
  readonly freeBlocks: number;
  readonly freeInodes: number;
  readonly directories: number;
}

/** The superblock; `copyInGroup` is the group that it is written to. */
export function encodeSuperblock(geometry: Geometry, usage: readonly GroupUsage[], identity: Identity, copyInGroup: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(superblockBytes);
  const fields = new Fields(bytes);
  const logBlockSize = Math.log2(blockBytes / 1024);
  fields.u32(0x00, geometry.groups.length * geometry.inodesPerGroup);
  fields.u32(0x04, geometry.blockCount);
  fields.u32(0x0c, usage.reduce((sum, group) => sum + group.freeBlocks, 0));
  fields.u32(0x10, usage.reduce((sum, group) => sum + group.freeInodes, 0));
  fields.u32(0x18, logBlockSize);
  fields.u32(0x1c, logBlockSize);
  fields.u32(0x20, blocksPerGroup);
  fields.u32(0x24, blocksPerGroup);
  fields.u32(0x28, geometry.inodesPerGroup);
  fields.u32(0x30, identity.epoch);
  fields.u16(0x36, neverByMountCount);
  fields.u16(0x38, magic);
  fields.u16(0x3a, stateClean);
  fields.u16(0x3c, onErrorsContinue);
  fields.u32(0x40, identity.epoch);
  fields.u32(0x4c, dynamicRevision);
  fields.u32(0x54, firstInode);
  fields.u16(0x58, inodeBytes);
  fields.u16(0x5a, copyInGroup);
  fields.u32(0x5c, sum(compatible));
  fields.u32(0x60, sum(incompatible));
  fields.u32(0x64, sum(readOnlyCompatible));
  fields.bytes(0x68, identity.uuid);
  fields.bytes(0x78, identity.label);
  fields.bytes(0xec, identity.uuid);
  fields.u8(0xfc, hashHalfMd4);
  fields.u32(0x108, identity.epoch);
  fields.u16(0x15c, extraInodeBytes);
  fields.u16(0x15e, extraInodeBytes);
  fields.u32(0x160, signedHash);
  fields.u8(0x174, Math.log2(geometry.groupsPerFlex));
  fields.u32(0x248, metadataBlocks(geometry));
  return bytes;
}

/** All group descriptors, in whole blocks. */
export function encodeDescriptors(geometry: Geometry, usage: readonly GroupUsage[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(geometry.descriptorBlocks * blockBytes);
  const fields = new Fields(bytes);
  geometry.groups.forEach((group, index) => {
    const at = index * descriptorBytes;
    const { freeBlocks = 0, freeInodes = 0, directories = 0 } = usage[index] ?? {};
    fields.u32(at, group.blockBitmap);
    fields.u32(at + 0x4, group.inodeBitmap);
    fields.u32(at + 0x8, group.inodeTable);
    fields.u16(at + 0xc, freeBlocks);
    fields.u16(at + 0xe, freeInodes);
    fields.u16(at + 0x10, directories);
  });
  return bytes;
}

/** s_overhead_clusters, so that the kernel need not work it out and write it. */
function metadataBlocks(geometry: Geometry): number {
  const copies = geometry.groups.filter((group) => group.hasSuperblock).length;
  return copies * (1 + geometry.descriptorBlocks) + geometry.groups.length * (2 + geometry.tableBlocks);
}

function sum(features: Readonly<Record<string, number>>): number {
  return Object.values(features).reduce((total, bit) => total + bit, 0);
}
