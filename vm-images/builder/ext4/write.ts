/**
 * Writes an ext4 file system with all its files, in one go and always the same bytes.
 *
 * The machine's root has thousands of files. A guest under emulation takes minutes to format a disk and unpack them;
 * writing the structures takes a second, and depends on nothing of the kernel or of the building machine. There is no
 * journal: the disk lives in a browser tab, and every write it saves is time.
 *
 * On the disk: the metadata of geometry.ts, then all directories, then the content of files in the order of the
 * entries. Format: the kernel's Documentation/filesystems/ext4.
 */
import { BuildError } from '../errors.ts';
import type { TarEntry } from '../tar.ts';
import { Bitmap, BlockAllocator, type Run } from './allocation.ts';
import { directoryContent } from './directories.ts';
import { extentRoot, extentTree, needsLeaf, rootBytes } from './extents.ts';
import { blockBytes, firstInode, inodeBytes, planGeometry, type Geometry } from './geometry.ts';
import { encodeDevice, encodeInode, type InodeData } from './inodes.ts';
import { collectNodes, type Node } from './nodes.ts';
import { encodeDescriptors, encodeSuperblock, superblockOffset, type GroupUsage, type Identity } from './superblock.ts';

export interface Ext4Options {
  /** Size of the file system, in whole blocks of 4096 bytes. A rest too short for a group is not used. */
  readonly bytes: number;
  /** With or without dashes. */
  readonly uuid: string;
  /** At most 16 bytes. */
  readonly label: string;
  /** Seconds since 1970: when the file system was made, and the time of entries that have none. */
  readonly epoch: number;
  /** One inode for so many bytes of disk; 16384 where not given, as mke2fs does. */
  readonly inodeRatio?: number;
}

/** Where the file system goes: a disk of zeros. What is written is in whole blocks of 4096 bytes, and to be copied. */
export interface BlankDisk {
  write(start: number, bytes: Uint8Array): void;
}

const defaultInodeRatio = 16384;

/**
 * Makes the file system.
 *
 * A directory must come before what is in it, the target of a hard link before the link. An entry with an empty path
 * stands for the root. Long runs of zeros in files are stored like any other content.
 *
 * @throws BuildError `tree-conflict` when the entries contradict each other, `install-failed` when they do not fit
 * @throws RangeError when an option or a number in an entry is not one that ext4 can store
 */
export function writeExt4(entries: Iterable<TarEntry>, disk: BlankDisk, options: Ext4Options): void {
  const identity = parseIdentity(options);
  const geometry = planGeometry(options.bytes, options.inodeRatio ?? defaultInodeRatio);
  const nodes = collectNodes(entries, options.epoch);
  const last = nodes.at(-1)?.inode ?? 0;
  if (last > geometry.groups.length * geometry.inodesPerGroup) {
    throw new BuildError('install-failed', `The machine's disk has too few inodes for ${nodes.length} files.`, 'Make the disk larger, or the inode ratio smaller (vm-images/builder/boot).');
  }

  const writer = new Writer(disk, geometry);
  const isDirectory = (node: Node): boolean => node.content.kind === 'directory';
  const inodes = new Map<number, Uint8Array>();
  for (const node of [...nodes.filter(isDirectory), ...nodes.filter((node) => !isDirectory(node))]) {
    inodes.set(node.inode, encodeInode(node, writer.content(node), options.epoch));
  }
  writer.inodes(inodes);
  writer.metadata(groupUsage(geometry, writer.blocks.used, nodes), identity, last);
}

function parseIdentity({ uuid, label, epoch }: Ext4Options): Identity {
  const digits = uuid.replaceAll('-', '');
  if (!/^[0-9a-f]{32}$/i.test(digits)) throw new RangeError(`"${uuid}" is not a UUID`);
  const name = Buffer.from(label);
  if (name.length > 16) throw new RangeError(`the label "${label}" has more than 16 bytes`);
  return { uuid: Buffer.from(digits, 'hex'), label: name, epoch };
}

function groupUsage(geometry: Geometry, usedBlocks: Bitmap, nodes: readonly Node[]): GroupUsage[] {
  const groupOf = (node: Node): number => Math.floor((node.inode - 1) / geometry.inodesPerGroup);
  const inodes = geometry.groups.map(() => geometry.inodesPerGroup);
  const directories = geometry.groups.map(() => 0);
  // The special inodes, of which the root is counted among the nodes.
  inodes[0] = geometry.inodesPerGroup - (firstInode - 2);
  for (const node of nodes) {
    inodes[groupOf(node)] = (inodes[groupOf(node)] ?? 0) - 1;
    if (node.content.kind === 'directory') directories[groupOf(node)] = (directories[groupOf(node)] ?? 0) + 1;
  }
  return geometry.groups.map((group) => ({
    freeBlocks: usedBlocks.free(group.start, group.blocks),
    freeInodes: inodes[group.number] ?? 0,
    directories: directories[group.number] ?? 0,
  }));
}

/** Puts structures at their places. */
class Writer {
  readonly blocks: BlockAllocator;
  readonly #disk: BlankDisk;
  readonly #geometry: Geometry;

  constructor(disk: BlankDisk, geometry: Geometry) {
    this.#disk = disk;
    this.#geometry = geometry;
    this.blocks = new BlockAllocator(geometry);
  }

  /** Stores what the node holds, and tells the inode about it. */
  content(node: Node): InodeData {
    const { content } = node;
    if (content.kind === 'directory') return this.#stored(directoryContent(node));
    if (content.kind === 'file') return this.#stored(content.content);
    if (content.kind === 'link') {
      // ifork.rst, "Symbolic Links": a target of less than 60 bytes stands in the inode.
      const target = Buffer.from(content.target);
      return target.length < rootBytes ? { size: target.length, blocks: 0, root: target, isExtentTree: false } : this.#stored(target);
    }
    const root = content.kind === 'fifo' ? new Uint8Array() : encodeDevice(content.major, content.minor);
    return { size: 0, blocks: 0, root, isExtentTree: false };
  }

  /** All inodes, by number, into their groups' tables. */
  inodes(inodes: ReadonlyMap<number, Uint8Array>): void {
    const { inodesPerGroup, groups } = this.#geometry;
    const pending = new Map<number, Uint8Array<ArrayBuffer>>();
    for (const [number, bytes] of inodes) {
      const group = groups[Math.floor((number - 1) / inodesPerGroup)];
      if (group === undefined) throw new RangeError(`there is no inode ${number}`);
      const offset = ((number - 1) % inodesPerGroup) * inodeBytes;
      const at = group.inodeTable + Math.floor(offset / blockBytes);
      const block = pending.get(at) ?? new Uint8Array(blockBytes);
      block.set(bytes, offset % blockBytes);
      pending.set(at, block);
    }
    for (const [at, block] of pending) this.#put(at, block);
  }

  /** Bitmaps, descriptors and superblocks. Inodes up to `lastInode` are in use. */
  metadata(usage: readonly GroupUsage[], identity: Identity, lastInode: number): void {
    const { groups, inodesPerGroup } = this.#geometry;
    const usedInodes = new Bitmap(groups.length * inodesPerGroup);
    usedInodes.add(0, lastInode);
    const descriptors = encodeDescriptors(this.#geometry, usage);
    for (const group of groups) {
      this.#put(group.blockBitmap, this.blocks.used.block(group.start, group.blocks));
      this.#put(group.inodeBitmap, usedInodes.block(group.number * inodesPerGroup, inodesPerGroup));
      if (!group.hasSuperblock) continue;
      const block = new Uint8Array(blockBytes);
      block.set(encodeSuperblock(this.#geometry, usage, identity, group.number), group.number === 0 ? superblockOffset : 0);
      this.#put(group.start, block);
      this.#put(group.start + 1, descriptors);
    }
  }

  #stored(content: Uint8Array): InodeData {
    const size = content.length;
    const blocks = Math.ceil(size / blockBytes);
    const runs = this.blocks.allocate(blocks);
    let position = 0;
    for (const run of runs) {
      this.#putContent(run, content.subarray(position, position + run.blocks * blockBytes));
      position += run.blocks * blockBytes;
    }
    if (!needsLeaf(runs)) return { size, blocks, root: extentRoot(runs), isExtentTree: true };
    const leafBlock = this.blocks.allocate(1)[0]?.start ?? 0;
    const { root, leaf } = extentTree(runs, leafBlock);
    this.#put(leafBlock, leaf);
    return { size, blocks: blocks + 1, root, isExtentTree: true };
  }

  /** Content that may end within the run's last block. */
  #putContent(run: Run, content: Uint8Array): void {
    const whole = content.length - (content.length % blockBytes);
    if (whole > 0) this.#put(run.start, content.subarray(0, whole));
    if (whole === content.length) return;
    const tail = new Uint8Array(blockBytes);
    tail.set(content.subarray(whole));
    this.#put(run.start + whole / blockBytes, tail);
  }

  #put(block: number, bytes: Uint8Array): void {
    this.#disk.write(block * blockBytes, bytes);
  }
}
