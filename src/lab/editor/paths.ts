/** Names, paths and kinds of the files in the editor. */
import type { DirEntry } from '../../guest/files.ts';

/** Larger files are not opened: Monaco would cope, the learner's patience would not. */
export const maximumFileBytes = 2_000_000;

/** Most bytes of a name on Linux (NAME_MAX). */
const maximumNameBytes = 255;

export type NameProblem = 'nameEmpty' | 'nameSlash' | 'nameDots' | 'nameLong' | 'nameTaken';

/** What is wrong with a new name among its siblings; the value is a key of the strings. */
export function nameProblem(name: string, siblings: readonly string[]): NameProblem | undefined {
  if (name === '') return 'nameEmpty';
  if (/[/\0]/.test(name)) return 'nameSlash';
  if (name === '.' || name === '..') return 'nameDots';
  if (new TextEncoder().encode(name).length > maximumNameBytes) return 'nameLong';
  if (siblings.includes(name)) return 'nameTaken';
  return undefined;
}

export function joinPath(folder: string, name: string): string {
  return folder.endsWith('/') ? folder + name : `${folder}/${name}`;
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function parentOf(path: string): string {
  const end = path.lastIndexOf('/');
  return end <= 0 ? '/' : path.slice(0, end);
}

/** Where a path is after something was renamed; paths elsewhere stay. */
export function movedPath(path: string, from: string, to: string): string {
  if (path === from) return to;
  return path.startsWith(`${from}/`) ? to + path.slice(from.length) : path;
}

/** Whether a path is the other one or below it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** Folders first, then by name as people sort: case and leading dots aside, numbers by value. */
export function sortEntries(entries: readonly DirEntry[]): DirEntry[] {
  const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base', ignorePunctuation: true });
  const rank = (entry: DirEntry): number => (entry.type === 'directory' ? 0 : 1);
  return entries.toSorted((a, b) => rank(a) - rank(b) || collator.compare(a.name, b.name) || (a.name < b.name ? -1 : 1));
}

/** Whether it is a half-written file of the agent, which lives until it replaces the real one. */
export function isTransient(name: string): boolean {
  return /^\..+\.drydock-\w{6}$/.test(name);
}

const languageByName: readonly [RegExp, string][] = [
  [/^(Dockerfile|Containerfile)(\..+)?$|\.dockerfile$/i, 'dockerfile'],
  [/\.ya?ml$/i, 'yaml'],
  [/\.json$/i, 'json'],
  [/\.(sh|bash)$|^\.(bashrc|bash_profile|bash_logout|bash_history|bash_aliases|profile)$/i, 'shell'],
  [/\.html?$/i, 'html'],
  [/\.css$/i, 'css'],
  [/\.[cm]?js$/i, 'javascript'],
  [/\.py$/i, 'python'],
];

/** Monaco's language for a file: by its name, else by the interpreter of its first line. */
export function languageFor(path: string, firstLine = ''): string {
  const name = baseName(path);
  const known = languageByName.find(([pattern]) => pattern.test(name));
  if (known) return known[1];
  const interpreter = /^#!.*\b(bash|dash|sh|python|node)[\d.]*\b/.exec(firstLine)?.[1];
  if (interpreter === 'python') return 'python';
  if (interpreter === 'node') return 'javascript';
  return interpreter === undefined ? 'plaintext' : 'shell';
}

/** The text of a file in UTF-8, or `undefined` if it is something else. */
export function decodeText(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
