/**
 * Turns the entries of an archive into what the file system stores: nodes (inodes to be), and directories that name
 * them. Whatever is wrong with names and links is found here, before the first byte is written.
 */
import { BuildError } from '../errors.ts';
import type { TarEntry } from '../tar.ts';
import { firstInode, rootInode } from './geometry.ts';

/** A name in a directory. */
export interface NamedNode {
  /** UTF-8. */
  readonly name: Uint8Array;
  readonly node: Node;
}

/** What the directory needs beside its attributes. */
interface DirectoryContent {
  readonly kind: 'directory';
  /** Number of the directory above; the root is its own parent. */
  readonly parent: number;
  /** Without "." and "..". */
  readonly children: NamedNode[];
}

export type NodeContent = Exclude<TarEntry, { kind: 'hardlink' | 'directory' }> | DirectoryContent;

/** An inode to be. */
export interface Node {
  readonly inode: number;
  readonly content: NodeContent;
  attributes: Attributes;
  /** Number of names; of a directory also its own "." and the ".." of those below. */
  links: number;
}

export interface Attributes {
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970. */
  readonly mtime: number;
}

/** EXT4_LINK_MAX; a directory with more subdirectories says 1 (feature dir_nlink), anything else cannot have more. */
const maximumLinks = 65000;
/** directory.rst: the length of a name is one byte. */
const maximumNameBytes = 255;
/** A link's target and a closing zero must fit into a block. */
const maximumTargetBytes = 4095;
/** Room for names, so that e2fsck can put back lost files on a full disk; what mke2fs makes of it. */
const lostAndFoundMode = 0o700;

/**
 * All nodes in the order of the entries, with ascending inode numbers; the first two are the root and lost+found. An
 * entry with an empty path sets the attributes of the root; a directory that comes twice keeps the later attributes.
 *
 * @throws BuildError `tree-conflict` when the entries contradict each other or ext4 cannot store them
 */
export function collectNodes(entries: Iterable<TarEntry>, epoch: number): Node[] {
  const collector = new Collector(epoch);
  for (const entry of entries) collector.add(entry);
  return collector.nodes;
}

class Collector {
  readonly nodes: Node[] = [];
  readonly #byPath = new Map<string, Node>();
  readonly #epoch: number;

  constructor(epoch: number) {
    this.#epoch = epoch;
    const root = this.#create('', rootInode, { kind: 'directory', parent: rootInode, children: [] }, { mode: 0o755, uid: 0, gid: 0, mtime: epoch });
    root.links = 2;
    this.#addDirectory({ path: 'lost+found', kind: 'directory', mode: lostAndFoundMode });
  }

  add(entry: TarEntry): void {
    if (entry.kind === 'directory') this.#addDirectory(entry);
    else if (entry.kind === 'hardlink') this.#addHardLink(entry);
    else {
      if (entry.kind === 'link') checkTarget(entry.path, entry.target);
      this.#name(entry.path, (inode) => this.#create(entry.path, inode, entry, this.#attributes(entry, entry.kind === 'link' ? 0o777 : 0o644)));
    }
  }

  #addDirectory(entry: Extract<TarEntry, { kind: 'directory' }>): void {
    const attributes = this.#attributes(entry, 0o755);
    const known = this.#byPath.get(entry.path);
    if (known?.content.kind === 'directory') {
      known.attributes = attributes;
      return;
    }
    this.#name(entry.path, (inode, parent) => {
      const node = this.#create(entry.path, inode, { kind: 'directory', parent: parent.inode, children: [] }, attributes);
      node.links = 1;
      parent.links++;
      return node;
    });
  }

  #addHardLink(entry: Extract<TarEntry, { kind: 'hardlink' }>): void {
    const target = this.#byPath.get(entry.target);
    if (target === undefined) throw conflict(`/${entry.path} is a hard link to /${entry.target}, which does not come before it.`);
    if (target.content.kind === 'directory') throw conflict(`/${entry.path} is a hard link to the folder /${entry.target}.`);
    if (target.links >= maximumLinks) throw conflict(`/${entry.target} has more than ${maximumLinks} hard links.`);
    this.#byPath.set(entry.path, this.#name(entry.path, () => target));
  }

  /** Enters what `make` returns into the directory above. */
  #name(path: string, make: (inode: number, parent: Node) => Node): Node {
    const slash = path.lastIndexOf('/');
    const parent = this.#byPath.get(path.slice(0, Math.max(slash, 0)));
    const text = path.slice(slash + 1);
    const name = Buffer.from(text);
    if (slash === 0 || text === '' || text === '.' || text === '..' || text.includes('\0')) throw conflict(`"${path}" is not a path.`);
    if (name.length > maximumNameBytes) throw conflict(`The name of /${path} has more than ${maximumNameBytes} bytes.`);
    if (parent?.content.kind !== 'directory') throw conflict(`/${path} does not come after the folder that it is in.`);
    if (this.#byPath.has(path)) throw conflict(`/${path} comes twice.`);
    const node = make(firstInode - 1 + this.nodes.length, parent);
    node.links++;
    parent.content.children.push({ name, node });
    return node;
  }

  #create(path: string, inode: number, content: NodeContent, attributes: Attributes): Node {
    const node: Node = { inode, content, attributes, links: 0 };
    this.nodes.push(node);
    this.#byPath.set(path, node);
    return node;
  }

  #attributes(entry: TarEntry, mode: number): Attributes {
    return { mode: (entry.mode ?? mode) & 0o7777, uid: entry.uid ?? 0, gid: entry.gid ?? 0, mtime: entry.mtime ?? this.#epoch };
  }
}

/** The link count as it is stored. */
export function storedLinks(node: Node): number {
  return node.content.kind === 'directory' && node.links > maximumLinks ? 1 : node.links;
}

function checkTarget(path: string, target: string): void {
  const length = Buffer.byteLength(target);
  if (length === 0 || length > maximumTargetBytes || target.includes('\0')) {
    throw conflict(`The symbolic link /${path} has a target of ${length} bytes; it takes 1 to ${maximumTargetBytes}, without a zero.`);
  }
}

function conflict(message: string): BuildError {
  return new BuildError('tree-conflict', message, 'Correct vm-images/recipe, or take other packages.');
}
