/** The files of an rpm package: in the order in which its header lists them, and as a cpio archive ("newc"). */
import { md5 } from '../../builder/debian/download.ts';
import type { TarEntry } from '../../builder/tar.ts';
import { foldersOf } from '../entries.ts';

export interface RpmFile {
  /** Absolute. */
  readonly path: string;
  /** With the bits of the kind. */
  readonly mode: number;
  readonly content: Uint8Array;
  /** Of a symbolic link. */
  readonly target: string;
  /**
   * MD5, in hex; nothing for what is no file. It tells what was changed since the installation, and nobody relies on it before: the
   * package's signature vouches for the SHA-256 of all of its payload. rpm computes it of every byte that it installs, in the guest 10
   * instructions of the processor in place of 66.
   */
  readonly digest: string;
}

const kinds = { file: 0o100000, directory: 0o040000, link: 0o120000 } as const;

/** Folders that are nobody's: every system has them. */
const shared = new Set(
  ['etc', 'etc/default', 'usr', 'usr/bin', 'usr/lib', 'usr/lib/systemd', 'usr/lib/systemd/system', 'usr/libexec', 'usr/sbin', 'usr/share', 'usr/share/bash-completion', 'usr/share/bash-completion/completions', 'usr/share/doc'],
);

/** The files, with the folders that are the package's own, so that they go when it goes. */
export function rpmFiles(entries: readonly TarEntry[]): RpmFile[] {
  const folders = foldersOf(entries).filter(({ path }) => !shared.has(path));
  return [...folders, ...entries].map(fileOf).sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}

function fileOf(entry: TarEntry): RpmFile {
  const path = `/${entry.path}`;
  switch (entry.kind) {
    case 'file':
      return { path, mode: kinds.file | (entry.mode ?? 0o644), content: entry.content, target: '', digest: md5(entry.content) };
    case 'directory':
      return { path, mode: kinds.directory | (entry.mode ?? 0o755), content: new Uint8Array(), target: '', digest: '' };
    case 'link':
      return { path, mode: kinds.link | 0o777, content: Buffer.from(entry.target), target: entry.target, digest: '' };
    default:
      throw new Error(`${path} is a ${entry.kind}, which the writer of rpm packages does not know`);
  }
}

/** Everything of it that rpm reads stands in the package's header too; owner and time only there. */
export function* payloadPieces(files: readonly RpmFile[]): Generator<Uint8Array> {
  for (const [index, { path, mode, content }] of files.entries()) yield* record(`.${path}`, index + 1, mode, content);
  yield* record('TRAILER!!!', 0, 0, new Uint8Array());
}

function* record(path: string, inode: number, mode: number, content: Uint8Array): Generator<Uint8Array> {
  const name = Buffer.from(`${path}\0`);
  // inode, mode, user, group, links, time, length, device, device of a device file, length of the name, check
  const fields = [inode, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length, 0];
  const header = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`);
  yield Buffer.concat([header, name, padding(header.length + name.length)]);
  yield content;
  yield padding(content.length);
}

/** To a multiple of four. */
function padding(length: number): Buffer {
  return Buffer.alloc((4 - (length % 4)) % 4);
}
