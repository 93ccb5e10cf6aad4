/**
 * The content of directories: names in a row, in the order of the entries. No hash tree is written: without its flag
 * the kernel reads a directory of any size as a plain list, and makes a tree itself when one of a single block grows
 * out of it. See the kernel's Documentation/filesystems/ext4, directory.rst ("Linear (Classic) Directories").
 */
import { Fields } from './fields.ts';
import { blockBytes, firstInode, roundUp } from './geometry.ts';
import type { NamedNode, Node, NodeContent } from './nodes.ts';

/** directory.rst, "Directory file types". */
const fileTypes: Readonly<Record<NodeContent['kind'], number>> = { file: 1, directory: 2, character: 3, block: 4, fifo: 5, link: 7 };
/** lost+found has room from the start: e2fsck cannot make it larger on a full disk. */
const lostAndFoundBytes = 16 * 1024;
/** An entry without its name. */
const entryBytes = 8;

/** The directory's blocks; at least one. */
export function directoryContent(node: Node): Uint8Array<ArrayBuffer> {
  if (node.content.kind !== 'directory') throw new TypeError(`inode ${node.inode} is not a directory`);
  const dots = [
    { name: Buffer.from('.'), inode: node.inode, type: fileTypes.directory },
    { name: Buffer.from('..'), inode: node.content.parent, type: fileTypes.directory },
  ];
  const blocks = inBlocks([...dots, ...node.content.children.map(toEntry)]);
  const bytes = new Uint8Array(Math.max(blocks.length * blockBytes, node.inode === firstInode ? lostAndFoundBytes : 0));
  for (let at = 0; at < bytes.length; at += blockBytes) {
    // A block without names holds one unused entry.
    putEntries(bytes.subarray(at, at + blockBytes), blocks[at / blockBytes] ?? [{ name: new Uint8Array(), inode: 0, type: 0 }]);
  }
  return bytes;
}

interface Entry {
  readonly name: Uint8Array;
  /** 0 for an unused entry. */
  readonly inode: number;
  readonly type: number;
}

function toEntry({ name, node }: NamedNode): Entry {
  return { name, inode: node.inode, type: fileTypes[node.content.kind] };
}

/** Entries never cross the end of a block. */
function inBlocks(entries: readonly Entry[]): Entry[][] {
  const blocks: Entry[][] = [];
  let block: Entry[] = [];
  let room = 0;
  for (const entry of entries) {
    const length = entryLength(entry);
    if (length > room) {
      block = [];
      blocks.push(block);
      room = blockBytes;
    }
    block.push(entry);
    room -= length;
  }
  return blocks;
}

/** The last entry's length reaches to the end of the block. */
function putEntries(block: Uint8Array, entries: readonly Entry[]): void {
  const fields = new Fields(block);
  let at = 0;
  entries.forEach((entry, index) => {
    const length = index === entries.length - 1 ? blockBytes - at : entryLength(entry);
    fields.u32(at, entry.inode);
    fields.u16(at + 4, length);
    fields.u8(at + 6, entry.name.length);
    fields.u8(at + 7, entry.type);
    fields.bytes(at + entryBytes, entry.name);
    at += length;
  });
}

function entryLength(entry: Entry): number {
  return roundUp(entryBytes + entry.name.length, 4);
}
