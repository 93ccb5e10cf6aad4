/** Writes Debian binary packages (deb(5)): what `debian/deb.ts` reads. The same input gives the same bytes. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { readAr } from '../builder/debian/deb.ts';
import { decompress } from '../builder/debian/decompress.ts';
import { md5 } from '../builder/debian/download.ts';
import { tarPieces, writeTar, type TarEntry } from '../builder/tar.ts';
import { zstd } from '../builder/zstd.ts';
import { foldersOf, stamped } from './entries.ts';
import { spliceZstd, type Packer } from './zstd-splice.ts';

const packGzip = promisify(gzip);

export interface DebContent {
  /** Fields of the control file, in order; `Installed-Size` is added. */
  readonly fields: ReadonlyMap<string, string>;
  /** Maintainer scripts by name, such as `postinst`. */
  readonly scripts: ReadonlyMap<string, string>;
  /** Absolute paths of configuration files. */
  readonly conffiles: readonly string[];
  /** What it installs, without folders: those on the way are made. */
  readonly entries: readonly TarEntry[];
  /** Time of everything in it, in seconds since 1970. */
  readonly epoch: number;
}

/** @returns the package in pieces: its large files, and what lies between them */
export async function writeDeb({ fields, scripts, conffiles, entries, epoch }: DebContent, packer: Packer): Promise<Uint8Array[]> {
  const own = stamped(entries, epoch);
  const files = own.filter((entry) => entry.kind === 'file');
  const size = Math.ceil(files.reduce((sum, { content }) => sum + content.length, 0) / 1024);
  const control = formatFields(new Map([...withoutDescription(fields), ['Installed-Size', String(size)], ...description(fields)]));
  const sums = files.map(({ path, content }) => `${md5(content)}  ${path}\n`);
  const members: TarEntry[] = [
    textFile('./control', control, epoch),
    textFile('./md5sums', sums.join(''), epoch),
    ...(conffiles.length === 0 ? [] : [textFile('./conffiles', conffiles.map((path) => `${path}\n`).join(''), epoch)]),
    ...[...scripts].map(([name, text]): TarEntry => ({ ...textFile(`./${name}`, text, epoch), mode: 0o755 })),
  ];
  const data = [...stamped(foldersOf(own), epoch), ...own].map((entry) => ({ ...entry, path: `./${entry.path}` }));
  return archive([
    ['debian-binary', [Buffer.from('2.0\n')]],
    ['control.tar.gz', [await packGzip(writeTar(members), { level: 9 })]],
    ['data.tar.zst', await spliceZstd(tarPieces(data), packer)],
  ], epoch);
}

/**
 * The same package with its files packed by zstd where they were by xz: dpkg unpacks the 257 MB of docker.io and what it needs in 50 s in
 * place of 127.
 */
export async function repackedWithZstd(deb: Buffer, level: number): Promise<Buffer> {
  const members: [string, Uint8Array[]][] = [];
  for (const [name, content] of readAr(deb)) {
    if (name !== 'data.tar.xz') members.push([name, [content]]);
    else members.push(['data.tar.zst', [await zstd(await decompress(name, new Uint8Array(content)), level)]]);
  }
  // The time of its first member, as dpkg-deb wrote it.
  return Buffer.concat(archive(members, Number.parseInt(deb.toString('latin1', 24, 36), 10)));
}

/** A paragraph of deb822; lines of a value after the first are indented already. */
export function formatFields(fields: ReadonlyMap<string, string>): string {
  return [...fields].map(([name, value]) => (value.startsWith('\n') ? `${name}:${value}\n` : `${name}: ${value}\n`)).join('');
}

function withoutDescription(fields: ReadonlyMap<string, string>): [string, string][] {
  return [...fields].filter(([name]) => name !== 'Description');
}

function description(fields: ReadonlyMap<string, string>): [string, string][] {
  return [...fields].filter(([name]) => name === 'Description');
}

function textFile(path: string, text: string, mtime: number): TarEntry {
  return { path, kind: 'file', content: Buffer.from(text), mtime };
}

function archive(members: readonly (readonly [name: string, content: readonly Uint8Array[]])[], epoch: number): Uint8Array[] {
  const pieces: Uint8Array[] = [Buffer.from('!<arch>\n')];
  for (const [name, content] of members) {
    const length = content.reduce((sum, piece) => sum + piece.length, 0);
    const header = [name.padEnd(16), String(epoch).padEnd(12), '0'.padEnd(6), '0'.padEnd(6), '100644'.padEnd(8), String(length).padEnd(10), '`\n'];
    pieces.push(Buffer.from(header.join('')), ...content, Buffer.alloc(length % 2, '\n'));
  }
  return pieces;
}
