/**
 * Reads an ext4 file system back for the tests, and checks on the way what e2fsck would: that every block in use
 * belongs to one thing, and that bitmaps, counts and links agree. It shares no code with the writer, offsets included,
 * so that a wrong constant is not wrong twice. Documentation/filesystems/ext4 in the kernel.
 */

/** A disk to look into. */
export interface ReadableDisk {
  slice(start: number, length: number): Uint8Array<ArrayBuffer>;
}

export interface FoundFile {
  readonly inode: number;
  readonly type: 'fifo' | 'character' | 'directory' | 'block' | 'file' | 'link';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly links: number;
  readonly size: number;
  readonly mtime: number;
  readonly atime: number;
  readonly ctime: number;
  readonly crtime: number;
  /** i_blocks. */
  readonly sectors: number;
  /** Extents, in the order of the file. */
  readonly extents: readonly Extent[];
  readonly treeDepth: number;
  /** Of a device. */
  readonly device?: { readonly major: number; readonly minor: number };
  /** Names in a directory, in order, without "." and "..". */
  readonly names: readonly string[];
}

export interface Extent {
  readonly start: number;
  readonly blocks: number;
}

const blockSize = 4096;
const types: Readonly<Record<number, FoundFile['type']>> = { 1: 'fifo', 2: 'character', 4: 'directory', 6: 'block', 8: 'file', 10: 'link' };
const directoryTypes: Readonly<Record<FoundFile['type'], number>> = { file: 1, directory: 2, character: 3, block: 4, fifo: 5, link: 7 };

export class FoundFileSystem {
  /** By path; the root is ''. */
  readonly files = new Map<string, FoundFile>();
  readonly superblock: DataView<ArrayBuffer>;
  readonly #disk: ReadableDisk;
  readonly #owners = new Map<number, string>();
  readonly #names = new Map<number, number>();
  readonly #read = new Map<number, FoundFile>();

  /** @throws Error when anything contradicts anything else */
  constructor(disk: ReadableDisk) {
    this.#disk = disk;
    this.superblock = view(disk.slice(1024, 1024));
    check(this.superblock.getUint16(0x38, true) === 0xef53, 'no superblock');
    check(this.superblock.getUint32(0x18, true) === 2, 'blocks are not 4 KiB');
    this.#walk('', 2, 2);
    this.#checkLinks();
    this.#checkGroups();
  }

  get(path: string): FoundFile {
    const found = this.files.get(path);
    if (found === undefined) throw new Error(`there is no "${path}"`);
    return found;
  }

  /** The bytes of a file, or the target of a link. */
  content(path: string): Uint8Array<ArrayBuffer> {
    const file = this.get(path);
    if (file.type === 'link' && file.size < 60) return this.#inode(file.inode).bytes.slice(0x28, 0x28 + file.size);
    return this.#data(file);
  }

  #walk(path: string, number: number, parent: number): FoundFile {
    const file = this.#read.get(number) ?? this.#readInode(path, number);
    this.#read.set(number, file);
    this.files.set(path, file);
    if (file.type !== 'directory') return file;
    const entries = directoryEntries(this.#data(file));
    check(entries[0]?.name === '.' && entries[0].inode === number, `"${path}" has no "."`);
    check(entries[1]?.name === '..' && entries[1].inode === parent, `"${path}" has no ".."`);
    for (const entry of entries) this.#names.set(entry.inode, (this.#names.get(entry.inode) ?? 0) + 1);
    const children = entries.slice(2);
    for (const entry of children) {
      const child = this.#walk(path === '' ? entry.name : `${path}/${entry.name}`, entry.inode, number);
      check(directoryTypes[child.type] === entry.type, `${entry.name} has the wrong type in its directory`);
    }
    const withNames = { ...file, names: children.map((entry) => entry.name) };
    this.files.set(path, withNames);
    return withNames;
  }

  #readInode(path: string, number: number): FoundFile {
    const { fields, bytes } = this.#inode(number);
    const bits = fields.getUint16(0, true);
    const type = types[bits >> 12];
    if (type === undefined) throw new Error(`inode ${number} of "${path}" has no type`);
    const hasTree = (fields.getUint32(0x20, true) & 0x80000) !== 0;
    const tree = hasTree ? this.#extents(bytes.subarray(0x28, 0x64), path) : { extents: [], depth: 0, blocks: [] };
    const file = {
      inode: number,
      type,
      mode: bits & 0o7777,
      uid: fields.getUint16(2, true) + fields.getUint16(0x78, true) * 65536,
      gid: fields.getUint16(0x18, true) + fields.getUint16(0x7a, true) * 65536,
      links: fields.getUint16(0x1a, true),
      size: fields.getUint32(4, true) + fields.getUint32(0x6c, true) * 2 ** 32,
      mtime: time(fields, 0x10, 0x88),
      atime: time(fields, 0x08, 0x8c),
      ctime: time(fields, 0x0c, 0x84),
      crtime: time(fields, 0x90, 0x94),
      sectors: fields.getUint32(0x1c, true),
      extents: tree.extents,
      treeDepth: tree.depth,
      names: [],
    };
    const blocks = [...tree.blocks, ...tree.extents.flatMap((extent) => Array.from({ length: extent.blocks }, (_, index) => extent.start + index))];
    check(blocks.length * 8 === file.sectors, `"${path}" counts ${file.sectors} sectors for ${blocks.length} blocks`);
    for (const block of blocks) this.#own(block, `inode ${number}`);
    return type === 'character' || type === 'block' ? { ...file, device: deviceNumber(fields) } : file;
  }

  #extents(node: Uint8Array<ArrayBuffer>, path: string): { extents: Extent[]; depth: number; blocks: number[] } {
    const fields = view(node);
    check(fields.getUint16(0, true) === 0xf30a, `"${path}" has no extent header`);
    const count = fields.getUint16(2, true);
    const depth = fields.getUint16(6, true);
    check(count <= fields.getUint16(4, true) && 12 + 12 * fields.getUint16(4, true) <= node.length, `"${path}" has too many extents`);
    const extents: Extent[] = [];
    const blocks: number[] = [];
    let position = 0;
    for (let at = 12; at < 12 + 12 * count; at += 12) {
      check(fields.getUint32(at, true) === position, `"${path}" has a hole at ${position}`);
      if (depth > 0) {
        const block = fields.getUint32(at + 4, true);
        const below = this.#extents(this.#block(block), path);
        extents.push(...below.extents);
        blocks.push(block, ...below.blocks);
        position += below.extents.reduce((sum, extent) => sum + extent.blocks, 0);
      } else {
        extents.push({ start: fields.getUint32(at + 8, true), blocks: fields.getUint16(at + 4, true) });
        position += fields.getUint16(at + 4, true);
      }
    }
    return { extents, depth, blocks };
  }

  #data(file: FoundFile): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(file.extents.reduce((sum, extent) => sum + extent.blocks, 0) * blockSize);
    let at = 0;
    for (const extent of file.extents) {
      bytes.set(this.#disk.slice(extent.start * blockSize, extent.blocks * blockSize), at);
      at += extent.blocks * blockSize;
    }
    check(bytes.subarray(file.size).every((byte) => byte === 0), `inode ${file.inode} has bytes after its end`);
    return bytes.subarray(0, file.size);
  }

  #inode(number: number): { fields: DataView<ArrayBuffer>; bytes: Uint8Array<ArrayBuffer> } {
    const perGroup = this.superblock.getUint32(0x28, true);
    const table = this.#descriptor(Math.floor((number - 1) / perGroup)).getUint32(8, true);
    const bytes = this.#disk.slice(table * blockSize + ((number - 1) % perGroup) * 256, 256);
    return { fields: view(bytes), bytes };
  }

  #descriptor(group: number): DataView<ArrayBuffer> {
    return view(this.#disk.slice(blockSize + group * 32, 32));
  }

  #block(number: number): Uint8Array<ArrayBuffer> {
    return this.#disk.slice(number * blockSize, blockSize);
  }

  #own(block: number, owner: string): void {
    check(!this.#owners.has(block), `block ${block} belongs to ${this.#owners.get(block)} and to ${owner}`);
    check(block < this.superblock.getUint32(4, true), `block ${block} of ${owner} is beyond the end`);
    this.#owners.set(block, owner);
  }

  #checkLinks(): void {
    for (const [path, file] of this.files) {
      const names = this.#names.get(file.inode) ?? 0;
      check(file.links === (file.type === 'directory' && names > 65000 ? 1 : names), `"${path}" says ${file.links} links and has ${names}`);
    }
  }

  #checkGroups(): void {
    const blockCount = this.superblock.getUint32(4, true);
    const inodesPerGroup = this.superblock.getUint32(0x28, true);
    const groups = Math.ceil(blockCount / 32768);
    const descriptorBlocks = Math.ceil((groups * 32) / blockSize);
    check(this.superblock.getUint32(0, true) === groups * inodesPerGroup, 'the inode count is wrong');
    const usedInodes = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ...[...this.files.values()].map((file) => file.inode)]);
    const directories = new Set([...this.files.values()].filter((file) => file.type === 'directory').map((file) => file.inode));
    for (let group = 0; group < groups; group++) {
      const descriptor = this.#descriptor(group);
      this.#own(descriptor.getUint32(0, true), `block bitmap ${group}`);
      this.#own(descriptor.getUint32(4, true), `inode bitmap ${group}`);
      for (let at = 0; at < inodesPerGroup / 16; at++) this.#own(descriptor.getUint32(8, true) + at, `inode table ${group}`);
      if (group < 2 || Number.isInteger(log(group, 3)) || Number.isInteger(log(group, 5)) || Number.isInteger(log(group, 7))) this.#checkCopy(group, descriptorBlocks);
    }
    let freeBlocks = 0;
    let freeInodes = 0;
    for (let group = 0; group < groups; group++) {
      const descriptor = this.#descriptor(group);
      const length = Math.min(32768, blockCount - group * 32768);
      const blocks = this.#checkBitmap(descriptor.getUint32(0, true), length, (index) => this.#owners.has(group * 32768 + index));
      const inodes = this.#checkBitmap(descriptor.getUint32(4, true), inodesPerGroup, (index) => usedInodes.has(group * inodesPerGroup + index + 1));
      check(descriptor.getUint16(0xc, true) === blocks, `group ${group} has ${blocks} free blocks`);
      check(descriptor.getUint16(0xe, true) === inodes, `group ${group} has ${inodes} free inodes`);
      const inGroup = [...directories].filter((inode) => Math.floor((inode - 1) / inodesPerGroup) === group).length;
      check(descriptor.getUint16(0x10, true) === inGroup, `group ${group} has ${inGroup} directories`);
      freeBlocks += blocks;
      freeInodes += inodes;
    }
    check(this.superblock.getUint32(0xc, true) === freeBlocks, `there are ${freeBlocks} free blocks`);
    check(this.superblock.getUint32(0x10, true) === freeInodes, `there are ${freeInodes} free inodes`);
  }

  /** Superblock and descriptors at the start of a group, equal to the first ones but for the group's number. */
  #checkCopy(group: number, descriptorBlocks: number): void {
    const start = group * 32768;
    const copy = this.#disk.slice(start * blockSize + (group === 0 ? 1024 : 0), 1024);
    check(view(copy).getUint16(0x5a, true) === group, `the superblock of group ${group} says another group`);
    view(copy).setUint16(0x5a, 0, true);
    check(Buffer.compare(copy, this.#disk.slice(1024, 1024)) === 0, `the superblock of group ${group} differs`);
    const first = this.#disk.slice(blockSize, descriptorBlocks * blockSize);
    check(Buffer.compare(this.#disk.slice((start + 1) * blockSize, descriptorBlocks * blockSize), first) === 0, `the descriptors of group ${group} differ`);
    for (let at = 0; at <= descriptorBlocks; at++) this.#own(start + at, `superblock ${group}`);
  }

  /** Returns how many are free. */
  #checkBitmap(block: number, length: number, isUsed: (index: number) => boolean): number {
    const bitmap = this.#block(block);
    let free = 0;
    for (let index = 0; index < 8 * blockSize; index++) {
      const bit = ((bitmap[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
      check(bit === (index >= length || isUsed(index)), `bit ${index} of the bitmap in block ${block} is wrong`);
      if (!bit) free++;
    }
    return free;
  }
}

function directoryEntries(bytes: Uint8Array<ArrayBuffer>): { inode: number; name: string; type: number }[] {
  const fields = view(bytes);
  const entries = [];
  for (let at = 0; at < bytes.length; ) {
    const length = fields.getUint16(at + 4, true);
    const nameLength = fields.getUint8(at + 6);
    check(length >= 8 + nameLength && length % 4 === 0 && (at % blockSize) + length <= blockSize, `a directory entry at ${at} is malformed`);
    const inode = fields.getUint32(at, true);
    if (inode !== 0) entries.push({ inode, name: Buffer.from(bytes.subarray(at + 8, at + 8 + nameLength)).toString(), type: fields.getUint8(at + 7) });
    at += length;
  }
  return entries;
}

/** The kernel's two encodings: 8 + 8 bits in the first word, or 12 + 20 bits in the second. */
function deviceNumber(fields: DataView<ArrayBuffer>): { major: number; minor: number } {
  const old = fields.getUint32(0x28, true);
  if (old !== 0) return { major: old >> 8, minor: old & 0xff };
  const device = fields.getUint32(0x2c, true);
  return { major: (device & 0xfff00) >> 8, minor: (device & 0xff) | ((device >>> 12) & 0xfff00) };
}

/** Seconds; the fraction must be zero. */
function time(fields: DataView<ArrayBuffer>, at: number, extraAt: number): number {
  const extra = fields.getUint32(extraAt, true);
  check(extra >> 2 === 0, 'a time has nanoseconds');
  return fields.getInt32(at, true) + extra * 2 ** 32;
}

/** Exact for the powers in question. */
function log(value: number, base: number): number {
  const power = Math.round(Math.log(value) / Math.log(base));
  return base ** power === value ? power : Number.NaN;
}

function check(condition: boolean, problem: string): asserts condition {
  if (!condition) throw new Error(problem);
}

function view(bytes: Uint8Array<ArrayBuffer>): DataView<ArrayBuffer> {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
