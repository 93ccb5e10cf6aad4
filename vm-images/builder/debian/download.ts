/** HTTP downloads into a content-addressed store: what is kept was verified, whole, and named by its hash. */
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BuildError } from '../errors.ts';
import { writeFileAtomically } from '../paths.ts';

export type Fetcher = (url: URL, signal: AbortSignal) => Promise<Response>;

export interface Downloader {
  /** @throws BuildError `not-on-mirror` on 404 and 410, `download-failed` on anything else after the retries. */
  get(url: URL, signal?: AbortSignal): Promise<Buffer>;
}

export interface DownloadOptions {
  readonly fetcher?: Fetcher;
  readonly attempts?: number;
  /** Milliseconds before the first retry; doubled for each further one. */
  readonly pause?: number;
  /** Milliseconds for one attempt, body included. The largest package has 40 MB. */
  readonly timeout?: number;
}

export function createDownloader(options: DownloadOptions = {}): Downloader {
  const { attempts = 4, pause = 500, timeout = 300_000 } = options;
  const fetcher: Fetcher = options.fetcher ?? ((url, signal) => fetch(url, { signal }));

  async function once(url: URL, signal: AbortSignal | undefined): Promise<Buffer> {
    const limit = AbortSignal.timeout(timeout);
    const response = await fetcher(url, signal === undefined ? limit : AbortSignal.any([signal, limit]));
    if (response.status === 404 || response.status === 410) {
      throw new BuildError('not-on-mirror', `The mirror has no ${url.pathname}.`, 'Run `npm run vm:lock` to lock what it has now.');
    }
    if (!response.ok) throw new Error(`the mirror answered ${response.status} ${response.statusText}`);
    return Buffer.from(await response.arrayBuffer());
  }

  return {
    async get(url, signal) {
      let cause: unknown;
      for (let attempt = 0; attempt < attempts; attempt++) {
        if (attempt > 0) await sleep(pause * 2 ** (attempt - 1), undefined, signal === undefined ? {} : { signal });
        try {
          return await once(url, signal);
        } catch (error) {
          signal?.throwIfAborted();
          if (error instanceof BuildError) throw error;
          cause = error;
        }
      }
      const hint = 'Check the network and the mirror (DRYDOCK_DEBIAN_MIRROR), then run the command again: what is complete is kept.';
      throw new BuildError('download-failed', `${url.href} could not be downloaded in ${attempts} attempts.`, hint, cause);
    },
  };
}

export function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

/** For what asks for no better one: it tells changed files apart, and protects nothing. */
export function md5(data: Uint8Array): string {
  return createHash('md5').update(data).digest('hex');
}

/** What a file must be to enter the store. */
export interface Content {
  readonly sha256: string;
  readonly size: number;
}

/** Files named by their SHA-256 in one folder. */
export class Store {
  readonly #folder: string;
  readonly #suffix: string;

  constructor(folder: string, suffix: string) {
    this.#folder = folder;
    this.#suffix = suffix;
  }

  path(hash: string): string {
    return join(this.#folder, `${hash}${this.#suffix}`);
  }

  /** Reads and verifies. A file that was damaged on disk is removed, and undefined returned, as if it were not there. */
  async read(content: Content): Promise<Buffer | undefined> {
    const data = await readFile(this.path(content.sha256)).catch(() => undefined);
    if (data === undefined) return undefined;
    if (difference(data, content) === undefined) return data;
    await rm(this.path(content.sha256), { force: true });
    return undefined;
  }

  /** Writes data that was verified against its hash. */
  async write(content: Content, data: Uint8Array): Promise<void> {
    await writeFileAtomically(this.path(content.sha256), data);
  }
}

/** What is wrong with the data, in words; undefined when it is what it should be. */
export function difference(data: Uint8Array, expected: Content): string | undefined {
  if (data.length !== expected.size) return `it has ${data.length} bytes instead of ${expected.size}`;
  const hash = sha256(data);
  return hash === expected.sha256 ? undefined : `its SHA-256 is ${hash} instead of ${expected.sha256}`;
}
