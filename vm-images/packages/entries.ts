/** What packages of both kinds do with the files that they install. */
import type { TarEntry } from '../builder/tar.ts';

/** Root's, and of one time. */
export function stamped(entries: readonly TarEntry[], mtime: number): TarEntry[] {
  return entries.map((entry) => ({ ...entry, mtime, uid: 0, gid: 0 }));
}

/** The folders on the way to them, a folder before those in it. */
export function foldersOf(entries: readonly TarEntry[]): TarEntry[] {
  const folders = new Set<string>();
  for (const { path } of entries) {
    const parts = path.split('/').slice(0, -1);
    parts.forEach((_, index) => folders.add(parts.slice(0, index + 1).join('/')));
  }
  return [...folders].sort().map((path) => ({ path, kind: 'directory' }));
}
