/** One Debian suite on a mirror: fetches its index along the signed chain. */
import type { Key } from 'openpgp';
import { BuildError } from '../errors.ts';
import { decompress } from './decompress.ts';
import { difference, Store, type Content, type Downloader } from './download.ts';
import type { Archive, MirrorFinder } from './mirror.ts';
import { parseRelease, verifyClearSigned, type Release } from './release.ts';

export interface SuiteSource {
  /** Name of the suite in the recipe. */
  readonly name: string;
  readonly archive: Archive;
  /** Folder under `dists/`, which is what the signed index must call itself. */
  readonly codename: string;
  readonly component: string;
}

export interface ArchiveContext {
  readonly mirrors: MirrorFinder;
  readonly downloader: Downloader;
  readonly keyring: readonly Key[];
  /** Keeps compressed indexes. */
  readonly store: Store;
  readonly now: Date;
  readonly acceptExpired: boolean;
  readonly warn: (message: string) => void;
  readonly signal?: AbortSignal;
}

export interface SuiteIndex {
  readonly date: Date;
  /** The verified text of `Packages`, architecture-independent packages included. */
  readonly packages: string;
}

/** @throws BuildError on a bad signature, an expired index, or an index that is not what the signed one says */
export async function fetchSuiteIndex(suite: SuiteSource, context: ArchiveContext): Promise<SuiteIndex> {
  const folder = new URL(`dists/${suite.codename}/`, context.mirrors(suite.archive));
  const armored = await context.downloader.get(new URL('InRelease', folder), context.signal);
  const text = await verifyClearSigned(armored.toString('utf8'), context.keyring, `InRelease of ${suite.name}`);
  const release = parseRelease(text, { codename: suite.codename, now: context.now, acceptExpired: context.acceptExpired });
  if (release.expired !== undefined) {
    context.warn(`The signed index of "${suite.name}" is past its date (${release.expired.toISOString().slice(0, 10)}); taken all the same, as asked.`);
  }
  const path = `${suite.component}/binary-i386/Packages.xz`;
  const content = release.files.get(path);
  if (content === undefined) {
    throw new BuildError('index-invalid', `The signed index of "${suite.name}" lists no ${path}.`, 'Check suite and component in vm-images/recipe/machine.yaml.');
  }
  const packed = (await context.store.read(content)) ?? (await download(folder, path, content, release, context));
  return { date: release.date, packages: (await decompress(path, new Uint8Array(packed))).toString('utf8') };
}

/** By hash where the mirror offers it: then an update of the mirror in between does no harm. */
async function download(folder: URL, path: string, content: Content, release: Release, context: ArchiveContext): Promise<Buffer> {
  const byHash = path.replace(/[^/]*$/, `by-hash/SHA256/${content.sha256}`);
  const data = await context.downloader.get(new URL(release.byHash ? byHash : path, folder), context.signal);
  const wrong = difference(data, content);
  if (wrong !== undefined) {
    throw new BuildError('index-mismatch', `${path} of "${release.codename}" is not what its signed index says: ${wrong}.`, 'The mirror is being updated, broken or tampered with: try again in a while, or another mirror.');
  }
  await context.store.write(content, data);
  return data;
}
