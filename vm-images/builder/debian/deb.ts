/** Debian binary packages: an ar archive of `control.tar` and `data.tar` (deb(5)). */
import { BuildError } from '../errors.ts';
import { readTar, type TarEntry } from '../tar.ts';
import { decompress } from './decompress.ts';

export interface Deb {
  /** Members of the control archive by name: `control`, `md5sums`, `conffiles`, maintainer scripts. */
  readonly control: ReadonlyMap<string, Buffer>;
  /** What it installs, in the order of the package. */
  readonly entries: readonly TarEntry[];
}

/** @param name for the message @throws BuildError `package-malformed` */
export async function readDeb(name: string, data: Buffer): Promise<Deb> {
  return readingPackage(name, async () => ({ control: await controlOf(data), entries: [...readTar(await unpack(readAr(data), 'data.tar'))] }));
}

/** Without what it installs. @throws as `readDeb` */
export async function readControl(name: string, data: Buffer): Promise<Deb['control']> {
  return readingPackage(name, () => controlOf(data));
}

/** @throws BuildError `package-malformed` whatever goes wrong in it */
export async function readingPackage<Result>(name: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    throw new BuildError('package-malformed', `The package ${name} cannot be read although its hash is right.`, 'This is a fault of the package or of the builder: take another version (`npm run vm:lock`) and report it.', error);
  }
}

async function controlOf(data: Buffer): Promise<Deb['control']> {
  const control = new Map<string, Buffer>();
  for (const entry of readTar(await unpack(readAr(data), 'control.tar'))) {
    if (entry.kind === 'file') control.set(entry.path, Buffer.from(entry.content));
  }
  return control;
}

async function unpack(members: ReadonlyMap<string, Buffer>, stem: string): Promise<Buffer> {
  for (const [name, data] of members) {
    if (name === stem || name.startsWith(`${stem}.`)) return decompress(name, new Uint8Array(data));
  }
  throw new SyntaxError(`it has no ${stem}`);
}

/** Members of an ar archive by name. */
export function readAr(data: Buffer): Map<string, Buffer> {
  if (data.toString('latin1', 0, 8) !== '!<arch>\n') throw new SyntaxError('it is not an ar archive');
  const members = new Map<string, Buffer>();
  for (let at = 8; at + 60 <= data.length; ) {
    const name = data.toString('latin1', at, at + 16).trim().replace(/\/$/, '');
    const size = Number.parseInt(data.toString('latin1', at + 48, at + 58), 10);
    const end = at + 60 + size;
    if (data.toString('latin1', at + 58, at + 60) !== '`\n' || !(size >= 0) || end > data.length) {
      throw new SyntaxError('it is truncated or damaged');
    }
    members.set(name, data.subarray(at + 60, end));
    at = end + (end % 2);
  }
  return members;
}
