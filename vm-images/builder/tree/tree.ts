/**
 * A file system tree in memory: what packages and the recipe put together, before it becomes one archive.
 *
 * Paths have no leading slash. A path is taken through symbolic links on its way, so that a package that ships
 * /bin/x lands in /usr/bin/x and no link is ever replaced by a folder (the "usr merge").
 */
import { BuildError } from '../errors.ts';
import type { TarEntry } from '../tar.ts';

/** What stands at a path. Two paths with the same node are hard links of one file. */
export type Node = WithoutPath<Exclude<TarEntry, { kind: 'hardlink' }>>;
type WithoutPath<Entry> = Entry extends TarEntry ? Omit<Entry, 'path'> : never;

const mergedFolders = ['bin', 'lib', 'sbin'];

export class Tree {
  readonly #nodes = new Map<string, Node>();
  /** Time of everything that has none of its own, in seconds since 1970. */
  readonly mtime: number;

  /** @param base starts as a copy of that tree instead of an empty one */
  constructor(mtime: number, base?: Tree) {
    this.mtime = mtime;
    if (base !== undefined) {
      for (const [path, node] of base.#nodes) this.#nodes.set(path, node);
      return;
    }
    for (const name of mergedFolders) {
      this.put(`usr/${name}`, { kind: 'directory' });
      this.put(name, { kind: 'link', target: `usr/${name}` });
    }
  }

  /** The path with every link in its parent folders followed. */
  canonical(path: string): string {
    let done = '';
    const rest = path.split('/').filter((part) => part !== '' && part !== '.');
    for (let hops = 0; rest.length > 1; ) {
      const part = rest.shift() ?? '';
      if (part === '..') {
        done = parentOf(done);
        continue;
      }
      const here = join(done, part);
      const node = this.#nodes.get(here);
      if (node?.kind !== 'link') {
        done = here;
        continue;
      }
      if (++hops > 40) throw conflict(`The links on the way to /${path} go in circles.`);
      if (node.target.startsWith('/')) done = '';
      rest.unshift(...node.target.split('/').filter((name) => name !== '' && name !== '.'));
    }
    return rest[0] === '..' ? parentOf(done) : join(done, rest[0] ?? '');
  }

  get(path: string): Node | undefined {
    return this.#nodes.get(this.canonical(path));
  }

  /** What the path leads to, links at its end included. */
  follow(path: string): Node | undefined {
    let at = this.canonical(path);
    for (let hops = 0; hops < 40; hops++) {
      const node = this.#nodes.get(at);
      if (node?.kind !== 'link') return node;
      at = this.canonical(node.target.startsWith('/') ? node.target : `${parentOf(at)}/${node.target}`);
    }
    return undefined;
  }

  /** Content of a file, links followed. @throws BuildError `tree-conflict` when there is none */
  read(path: string): Buffer {
    const node = this.follow(path);
    if (node?.kind !== 'file') throw conflict(`The tree has no file /${path}.`);
    return Buffer.from(node.content);
  }

  /**
   * Puts a node; missing parent folders are made. A folder that is there stays as it is, also where a link leads to it.
   *
   * @throws BuildError `tree-conflict` where a folder would replace something else or the other way round
   */
  put(path: string, node: Node): void {
    const at = this.canonical(path);
    if (at === '') return;
    const old = this.#nodes.get(at);
    if (node.kind === 'directory') {
      if (old?.kind === 'directory' || (old?.kind === 'link' && this.follow(at)?.kind === 'directory')) return;
      if (old !== undefined) throw conflict(`/${at} is a ${old.kind} and should become a directory.`);
    } else if (old?.kind === 'directory') {
      if (node.kind === 'link' && mergedFolders.includes(at)) return;
      throw conflict(`/${at} is a directory and should become a ${node.kind}.`);
    } else if (old?.kind === 'link' && mergedFolders.includes(at)) return;
    this.#makeParents(at);
    this.#nodes.set(at, node);
  }

  /** Puts text with the tree's time. A file that says the same already stays the same node, so that no layer repeats it. */
  putText(path: string, text: string | Uint8Array, { mode = 0o644, uid = 0, gid = 0 }: { mode?: number; uid?: number; gid?: number } = {}): void {
    const content = Buffer.from(text);
    const old = this.get(path);
    if (old?.kind === 'file' && content.equals(old.content) && old.mode === mode && old.uid === uid && old.gid === gid) return;
    this.put(path, { kind: 'file', content, mtime: this.mtime, mode, uid, gid });
  }

  /** Changes the attributes of what is there. */
  change(path: string, attributes: { mode?: number; uid?: number; gid?: number }): void {
    const at = this.canonical(path);
    const node = this.#nodes.get(at);
    if (node === undefined) throw conflict(`The tree has no /${path} to change.`);
    this.#nodes.set(at, { ...node, ...attributes });
  }

  /** Takes a path out with everything below. @throws BuildError when there is nothing, since then the recipe is stale */
  remove(path: string): void {
    const at = this.canonical(path);
    if (!this.#nodes.delete(at)) throw conflict(`The tree has no /${path} to remove.`);
    for (const below of this.#nodes.keys()) if (below.startsWith(`${at}/`)) this.#nodes.delete(below);
  }

  /** Whether a folder has nothing in it. */
  isEmpty(path: string): boolean {
    const at = `${this.canonical(path)}/`;
    return ![...this.#nodes.keys()].some((below) => below.startsWith(at));
  }

  /** Every path, sorted; a folder before what is in it. */
  paths(): string[] {
    return [...this.#nodes.keys()].sort();
  }

  /** Sum of the sizes of all files. */
  bytes(): number {
    const files = new Set([...this.#nodes.values()].filter((node) => node.kind === 'file'));
    return [...files].reduce((sum, node) => sum + node.content.length, 0);
  }

  /**
   * The tree as entries of an archive, sorted.
   *
   * @param base leave out what is the same there, except the folders on the way to what is not
   * @throws BuildError `tree-conflict` when something of the base is gone, which a layer cannot say
   */
  entries(base?: Tree): TarEntry[] {
    const wanted = base === undefined ? undefined : this.#changed(base);
    const first = new Map<Node, string>();
    const entries: TarEntry[] = [];
    for (const path of this.paths()) {
      const node = this.#nodes.get(path);
      if (node === undefined || wanted?.has(path) === false) continue;
      const attributes = { path, mtime: node.mtime ?? this.mtime };
      const original = node.kind === 'file' ? first.get(node) : undefined;
      if (original === undefined) {
        first.set(node, path);
        entries.push({ ...node, ...attributes });
      } else {
        entries.push({ kind: 'hardlink', target: original, mode: node.mode ?? 0o644, uid: node.uid ?? 0, gid: node.gid ?? 0, ...attributes });
      }
    }
    return entries;
  }

  #changed(base: Tree): Set<string> {
    const gone = base.paths().find((path) => !this.#nodes.has(path));
    if (gone !== undefined) throw conflict(`The layer takes out /${gone} of the one below.`);
    const wanted = new Set<string>();
    for (const [path, node] of this.#nodes) {
      if (base.#nodes.get(path) === node) continue;
      for (let at = path; at !== '' && !wanted.has(at); at = parentOf(at)) wanted.add(at);
    }
    return wanted;
  }

  #makeParents(path: string): void {
    const missing: string[] = [];
    for (let at = parentOf(path); at !== '' && !this.#nodes.has(at); at = parentOf(at)) missing.push(at);
    for (const folder of missing) this.#nodes.set(folder, { kind: 'directory', mode: 0o755, uid: 0, gid: 0, mtime: this.mtime });
    const parent = this.#nodes.get(parentOf(path));
    if (parent !== undefined && parent.kind !== 'directory') throw conflict(`/${parentOf(path)} is a ${parent.kind}, but /${path} should be in it.`);
  }
}

function join(folder: string, name: string): string {
  return folder === '' ? name : name === '' ? folder : `${folder}/${name}`;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function conflict(message: string): BuildError {
  return new BuildError('tree-conflict', message, 'Correct vm-images/recipe, or take other packages.');
}
