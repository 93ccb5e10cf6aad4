/** Puts the parts of the signed chain together for a build: mirrors, keyring, downloader, caches. */
import { join } from 'node:path';
import { keysFolder } from '../paths.ts';
import type { Reporter } from '../progress.ts';
import type { ArchiveContext } from './archive.ts';
import { createDownloader, Store, type Downloader } from './download.ts';
import { findMirrors } from './mirror.ts';
import { readKeyring } from './release.ts';

export interface OpenOptions {
  /** Root of the cache. */
  readonly cache: string;
  /** Take signed indexes past their date; DRYDOCK_ACCEPT_EXPIRED=1 asks for the same. */
  readonly acceptExpired?: boolean;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal | undefined;
  readonly environment?: NodeJS.ProcessEnv;
  readonly downloader?: Downloader;
}

export interface Archives extends ArchiveContext {
  /** Downloaded packages. */
  readonly debs: Store;
}

export async function openArchives(options: OpenOptions): Promise<Archives> {
  const environment = options.environment ?? process.env;
  return {
    mirrors: await findMirrors(environment),
    downloader: options.downloader ?? createDownloader(),
    keyring: await readKeyring(keysFolder),
    store: new Store(join(options.cache, 'indexes'), '.xz'),
    debs: new Store(join(options.cache, 'debs'), '.deb'),
    now: new Date(),
    acceptExpired: options.acceptExpired === true || environment.DRYDOCK_ACCEPT_EXPIRED === '1',
    warn: (message) => options.reporter.warn(message),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
}
