/**
 * The stage that makes the package repositories of the virtual network: Debian's packages with everything that came in them, and ours, with
 * signed indexes, in `<cache>/packages/<key>`. It needs no running machine.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { packagesIndexSchema, type PackagesIndex } from '../../src/shared/packages.ts';
import { sha256 } from '../builder/debian/download.ts';
import type { PrepareOptions } from '../builder/index.ts';
import { formatLock } from '../builder/lock.ts';
import { cacheFolder, imagesFolder, recipeFolder, writeFileAtomically } from '../builder/paths.ts';
import { silentReporter, type Reporter } from '../builder/progress.ts';
import { buildFolder, readResult } from '../builder/results.ts';
import { fetchHostPackages, readHostLocks, type HostLocks, type HostPackages } from '../hosts/lock.ts';
import { blobWriter } from './blobs.ts';
import { packagesFolder, readEnginePackages } from './engine.ts';
import { archiveSite, dockerSite, scriptSites } from './sites.ts';

export interface BuiltPackages {
  /** Holds `index.json` and `blobs`. */
  readonly folder: string;
  readonly index: PackagesIndex;
  /** Whether it had to be built. */
  readonly built: boolean;
}

const stage = 'Making package repositories';

/** @throws BuildError whatever goes wrong on the way; nothing half-built is kept */
export async function buildPackages(options: PrepareOptions = {}): Promise<BuiltPackages> {
  const locks = await readHostLocks();
  const finished = await readFinished(await folderOf(locks));
  if (finished !== undefined) return finished;

  const packages = await fetchHostPackages(locks, options);
  const folder = await folderOf(packages);
  const substituted = await readFinished(folder);
  if (substituted !== undefined) return substituted;

  const index = await buildFolder(folder, (building) => publish(building, packages, options.reporter ?? silentReporter));
  return { folder, index, built: true };
}

async function publish(folder: string, packages: HostPackages, reporter: Reporter): Promise<PackagesIndex> {
  const total = (await readEnginePackages()).length + 1;
  let done = 0;
  const onStep = (step: string): void => reporter.progress({ stage, step, done: done++, total });
  const put = blobWriter(join(folder, 'blobs'));
  const options = { packages, put, date: new Date(packages.lock.date), onStep };
  const sites = { docker: await dockerSite(options), archive: await archiveSite(options), ...(await scriptSites(put)) };
  const index = packagesIndexSchema.parse({ schema: 1, sites } satisfies PackagesIndex);
  await writeFileAtomically(join(folder, 'index.json'), JSON.stringify(index));
  reporter.progress({ stage, done: total, total });
  return index;
}

/** Everything that decides on the result: the packages, the recipes and files, and the code of this folder and of what it is built on. */
async function folderOf({ lock, machineLock }: HostLocks): Promise<string> {
  const folders = [packagesFolder, join(imagesFolder, 'builder/debian')];
  const names = await Promise.all(folders.map(async (folder) => (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts')).map((entry) => join(entry.parentPath, entry.name))));
  const configuration = (await readEnginePackages()).flatMap(({ files }) => files.map(({ from }) => join(recipeFolder, 'files', from)));
  const files = [...new Set([...names.flat(), join(imagesFolder, 'builder/tar.ts'), join(imagesFolder, 'builder/zstd.ts'), ...configuration])];
  const sums = await Promise.all(files.sort().map(async (path) => `${relative(imagesFolder, path).replaceAll('\\', '/')} ${sha256(await readFile(path))}`));
  return join(cacheFolder(), 'packages', sha256(JSON.stringify([sums, formatLock(lock), formatLock(machineLock)])).slice(0, 32));
}

async function readFinished(folder: string): Promise<BuiltPackages | undefined> {
  const index = await readResult(join(folder, 'index.json'), packagesIndexSchema);
  return index && { folder, index, built: false };
}
