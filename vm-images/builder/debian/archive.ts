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
  /** What the signed index must call itself, and its folder under `dists/`. */
  readonly codename: string;
  /** Other folders of the same suite, such as `stable-security`, for mirrors that lag in the first one. */
  readonly aliases: readonly string[];
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

/**
 * Takes the first folder of the suite that holds together. A caching mirror may have fetched a suite's parts at
 * different times, and then its other folder often does.
 *
 * @throws BuildError on a bad signature, an expired index, or an index that is not what the signed one says
 */
export async function fetchSuiteIndex(suite: SuiteSource, context: ArchiveContext): Promise<SuiteIndex> {
  let first: BuildError | undefined;
  for (const folder of [suite.codename, ...suite.aliases]) {
    try {
      const found = await fetchFolder(suite, folder, context);
      if (first !== undefined) context.warn(`${first.message} Took the mirror's folder "${folder}" instead, of ${found.date.toISOString().slice(0, 10)}.`);
      return found;
    } catch (error) {
      if (!(error instanceof BuildError)) throw error;
      // That the other folder would do if its date were accepted is what the reader needs to know.
      if (first !== undefined && error.code === 'index-expired') throw new BuildError(error.code, error.message, error.hint, first);
      first ??= error;
    }
  }
  throw first ?? new BuildError('index-invalid', `The suite "${suite.name}" has no folder.`, 'Check vm-images/recipe/machine.yaml.');
}

async function fetchFolder(suite: SuiteSource, name: string, context: ArchiveContext): Promise<SuiteIndex> {
  const folder = new URL(`dists/${name}/`, context.mirrors(suite.archive));
  const armored = await context.downloader.get(new URL('InRelease', folder), context.signal);
  const text = await verifyClearSigned(armored.toString('utf8'), context.keyring, `InRelease of ${name}`);
  const release = parseRelease(text, { codename: suite.codename, now: context.now, acceptExpired: context.acceptExpired });
  const path = `${suite.component}/binary-i386/Packages.xz`;
  const content = release.files.get(path);
  if (content === undefined) {
    throw new BuildError('index-invalid', `The signed index of "${suite.name}" lists no ${path}.`, 'Check suite and component in vm-images/recipe/machine.yaml.');
  }
  const packed = (await context.store.read(content)) ?? (await download(folder, path, content, release, context));
  if (release.expired !== undefined) {
    context.warn(`The signed index of "${suite.name}" is past its date (${release.expired.toISOString().slice(0, 10)}); taken all the same, as asked.`);
  }
  return { date: release.date, packages: (await decompress(path, new Uint8Array(packed))).toString('utf8') };
}

async function download(folder: URL, path: string, content: Content, release: Release, context: ArchiveContext): Promise<Buffer> {
  const data = await downloadIndex(folder, path, content, release, context);
  const wrong = difference(data, content);
  if (wrong !== undefined) {
    throw new BuildError('index-mismatch', `${path} of "${release.codename}" is not what its signed index says: ${wrong}.`, 'The mirror is being updated, broken or tampered with: try again in a while, or another mirror.');
  }
  await context.store.write(content, data);
  return data;
}

/** By hash where the mirror offers it: then an update of the mirror in between does no harm. Some caching mirrors lack those files. */
async function downloadIndex(folder: URL, path: string, content: Content, release: Release, context: ArchiveContext): Promise<Buffer> {
  const { downloader, signal } = context;
  if (release.byHash) {
    try {
      return await downloader.get(new URL(path.replace(/[^/]*$/, `by-hash/SHA256/${content.sha256}`), folder), signal);
    } catch (error) {
      if (!(error instanceof BuildError) || error.code !== 'not-on-mirror') throw error;
    }
  }
  return downloader.get(new URL(path, folder), signal);
}
