/**
 * The stage that makes the package repositories of the virtual network: Debian's packages as they came and ours, with
 * signed indexes, in `<cache>/packages/<key>`. It needs no running machine.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { packagesIndexSchema, type PackageFile, type PackagesIndex } from '../../src/shared/packages.ts';
import { sha256 } from '../builder/debian/download.ts';
import { readPackage } from '../builder/fetch.ts';
import type { PrepareOptions } from '../builder/index.ts';
import { formatLock } from '../builder/lock.ts';
import { cacheFolder, imagesFolder, recipeFolder, writeFileAtomically } from '../builder/paths.ts';
import { silentReporter, type Reporter } from '../builder/progress.ts';
import { writeBlob } from '../builder/registry/blobs.ts';
import { buildFolder, readResult } from '../builder/results.ts';
import { archivePackages, fetchHostPackages, readHostLocks, type HostLocks, type HostPackages } from '../hosts/lock.ts';
import { aptIndex, offer, type OfferedPackage, type Suite } from './apt.ts';
import { makeEnginePackage, packagesFolder, readEnginePackages } from './engine.ts';
import { deriveSigningKey } from './signing.ts';

export interface BuiltPackages {
  /** Holds `index.json` and `blobs`. */
  readonly folder: string;
  readonly index: PackagesIndex;
  /** Whether it had to be built. */
  readonly built: boolean;
}

const stage = 'Making package repositories';

/** What the keys sign; the hosts trust the archive's from the start. */
export const keyNames = { archive: 'Debian archive', docker: 'Docker packages' } as const;

const debian: Suite = { origin: 'Debian', label: 'Debian', codename: 'trixie', suite: 'stable', component: 'main', description: 'The part of Debian 13 that is about Docker, packages as Debian made them' };
const docker = (codename: string): Suite => ({ origin: 'Docker', label: 'Docker (packages of Drydock)', codename, suite: codename, component: 'stable', description: "Drydock's builds of Docker" });

/** Releases that have a folder in the repository: the same packages, which depend on nothing that differs between them. */
const dockerSuites = { debian: ['bookworm', 'trixie'], ubuntu: ['jammy', 'noble'] } as const;

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
  const blobs = join(folder, 'blobs');
  const date = new Date(packages.lock.date);
  const put = async (content: Uint8Array): Promise<PackageFile> => {
    const { digest, bytes } = await writeBlob(blobs, content);
    return { sha256: digest.replace('sha256:', ''), bytes };
  };
  const recipes = await readEnginePackages();
  const total = recipes.length + 1;
  const ours: OfferedPackage[] = [];
  const dockerFiles: Record<string, PackageFile> = {};
  for (const [done, recipe] of recipes.entries()) {
    reporter.progress({ stage, step: recipe.name, done, total });
    const { name, data } = await makeEnginePackage(recipe, packages);
    const offered = await offer(name, data, 'pool/stable/i386');
    ours.push(offered);
    const file = await put(data);
    for (const system of Object.keys(dockerSuites)) dockerFiles[`/linux/${system}/${offered.path}`] = file;
  }
  const dockerKey = await deriveSigningKey(keyNames.docker);
  for (const [system, codenames] of Object.entries(dockerSuites)) {
    dockerFiles[`/linux/${system}/gpg`] = await put(Buffer.from(dockerKey.publicKey));
    for (const codename of codenames) {
      for (const [path, content] of await aptIndex(docker(codename), ours, dockerKey, date)) dockerFiles[`/linux/${system}/${path}`] = await put(content);
    }
  }

  reporter.progress({ stage, step: "Debian's archive", done: recipes.length, total });
  const debianFiles: Record<string, PackageFile> = {};
  const theirs: OfferedPackage[] = [];
  for (const entry of archivePackages(packages.lock)) {
    const data = await readPackage(packages.debs, entry);
    const offered = await offer(`${entry.name} ${entry.version}`, data, entry.filename.replace(/\/[^/]*$/, ''));
    theirs.push(offered);
    debianFiles[`/debian/${offered.path}`] = await put(data);
  }
  for (const [path, content] of await aptIndex(debian, theirs, await deriveSigningKey(keyNames.archive), date)) debianFiles[`/debian/${path}`] = await put(content);

  const script = await readFile(join(packagesFolder, 'scripts/get-docker.sh'), 'utf8');
  const index = packagesIndexSchema.parse({ schema: 1, sites: { docker: dockerFiles, debian: debianFiles, script: { '/': await put(Buffer.from(script)) }, mirroredScript: { '/': await put(Buffer.from(withMirror(script))) } } } satisfies PackagesIndex);
  await writeFileAtomically(join(folder, 'index.json'), JSON.stringify(index));
  reporter.progress({ stage, done: total, total });
  return index;
}

/** The script as a Chinese site offers it: from a mirror unless told otherwise. */
function withMirror(script: string): string {
  return script.replace('\nmirror=\n', '\nmirror=Aliyun\n');
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
