/** What packages of both kinds do with the files that they install. */
import type { TarEntry } from '../builder/tar.ts';

/** Who made them, as a package says. */
export const packager = 'Drydock <packages@drydock.example>';

/** Absolute paths of those that are configuration: what a user changed is kept. */
export function configurationOf(entries: readonly TarEntry[]): string[] {
  return entries.filter(({ path }) => path.startsWith('etc/')).map(({ path }) => `/${path}`);
}

/** The first line of a recipe's description says it in a few words, the others in a few lines. */
export function splitDescription(description: string): { summary: string; lines: string[] } {
  const [summary = '', ...lines] = description.trim().split('\n');
  return { summary, lines };
}

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
