/** The file tree of the fake agent: just enough of a file system for READ, WRITE, LIST and WATCH. */
import { encodeUtf8 } from '../bytes.ts';

export interface FakeFile {
  bytes: Uint8Array;
  mode: number;
  /** Seconds since 1970. */
  modified: number;
}

export type FakeChange = (what: 'c' | 'm' | 'd', isDirectory: boolean, path: string) => void;

const regularFile = 0o100000;

/** Files by absolute path; a directory exists as soon as something is in it, or by `addDirectory`. */
export class FakeFiles {
  readonly #files = new Map<string, FakeFile>();
  readonly #directories = new Set<string>(['/']);
  readonly #watches = new Set<{ root: string; report: FakeChange }>();

  addDirectory(path: string): void {
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
      const directory = path.slice(0, end);
      if (this.#directories.has(directory)) break;
      this.#directories.add(directory);
      this.#report('c', true, directory);
    }
  }

  isDirectory(path: string): boolean {
    return this.#directories.has(path);
  }

  get(path: string): FakeFile | undefined {
    return this.#files.get(path);
  }

  set(path: string, content: string | Uint8Array, mode = 0o644): void {
    const parent = path.slice(0, path.lastIndexOf('/')) || '/';
    if (parent !== '/') this.addDirectory(parent);
    const existed = this.#files.has(path);
    const bytes = typeof content === 'string' ? encodeUtf8(content) : content;
    this.#files.set(path, { bytes, mode: regularFile | mode, modified: 1_700_000_000 });
    this.#report(existed ? 'm' : 'c', false, path);
  }

  remove(path: string): void {
    if (this.#files.delete(path)) this.#report('d', false, path);
    else if (this.#directories.delete(path)) this.#report('d', true, path);
  }

  /** Name and file, or null for a directory. */
  list(path: string): [string, FakeFile | null][] {
    const prefix = path === '/' ? '/' : `${path}/`;
    const inside = (entry: string) => entry !== path && entry.startsWith(prefix) && !entry.slice(prefix.length).includes('/');
    const files = [...this.#files].filter(([entry]) => inside(entry)).map(([entry, file]): [string, FakeFile] => [entry.slice(prefix.length), file]);
    const directories = [...this.#directories].filter((entry) => entry !== '/' && inside(entry));
    return [...files, ...directories.map((entry): [string, null] => [entry.slice(prefix.length), null])];
  }

  watch(root: string, report: FakeChange): () => void {
    const watch = { root, report };
    this.#watches.add(watch);
    return () => void this.#watches.delete(watch);
  }

  #report(what: 'c' | 'm' | 'd', isDirectory: boolean, path: string): void {
    for (const watch of this.#watches) {
      const prefix = watch.root === '/' ? '/' : `${watch.root}/`;
      if (path.startsWith(prefix)) watch.report(what, isDirectory, path.slice(prefix.length));
    }
  }
}
