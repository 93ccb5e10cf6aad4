/**
 * The stage that makes the public registry of the virtual network: locked packages -> layers -> `<cache>/registry/<key>`,
 * kept by the hash of what goes into it. It needs no running machine and the machine does not need it.
 */
import { readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { registryIndexSchema, type RegistryIndex } from '../../../src/shared/registry.ts';
import { sha256 } from '../debian/download.ts';
import { openArchives } from '../debian/open.ts';
import { fetchPackages } from '../fetch.ts';
import type { PrepareOptions } from '../index.ts';
import { registryInputHash } from '../inputs.ts';
import { epochOf, formatLock, readLock, restrictLock, type Lock } from '../lock.ts';
import { cacheFolder, lockFile, recipeFolder } from '../paths.ts';
import { silentReporter } from '../progress.ts';
import { layerGroup } from '../recipe-images.ts';
import { readRecipe, selectionHash } from '../recipe.ts';
import { buildingSuffix, dropOldResults } from '../results.ts';
import { publishRegistry } from './publish.ts';

export interface BuiltRegistry {
  /** Holds `index.json` and `blobs`. */
  readonly folder: string;
  readonly index: RegistryIndex;
  /** Whether it had to be built. */
  readonly built: boolean;
}

/** @throws BuildError whatever goes wrong on the way; nothing half-built is kept */
export async function buildRegistry(options: PrepareOptions = {}): Promise<BuiltRegistry> {
  const reporter = options.reporter ?? silentReporter;
  const recipe = await readRecipe(recipeFolder);
  const groups = Object.keys(recipe.images.layers).map(layerGroup);
  const lock = restrictLock(await readLock(lockFile, selectionHash(recipe)), groups);
  const input = await registryInputHash();
  const finished = await readFinished(folderOf(lock, input));
  if (finished !== undefined) return finished;

  const archives = await openArchives({ cache: cacheFolder(), acceptExpired: options.acceptExpired === true, reporter, signal: options.signal });
  const fetched = await fetchPackages({ recipe, lock, archives, reporter, frozen: options.frozen === true });
  const folder = folderOf(fetched, input);
  const substituted = await readFinished(folder);
  if (substituted !== undefined) return substituted;

  const building = `${folder}.${process.pid}${buildingSuffix}`;
  try {
    await rm(building, { recursive: true, force: true });
    const index = await publishRegistry(building, { images: recipe.images, lock: fetched, debs: archives.debs, epoch: epochOf(lock), files: join(recipeFolder, 'files') }, reporter);
    await rm(folder, { recursive: true, force: true });
    await rename(building, folder);
    await dropOldResults(dirname(folder));
    return { folder, index, built: true };
  } catch (error) {
    await rm(building, { recursive: true, force: true });
    throw error;
  }
}

function folderOf(lock: Lock, input: string): string {
  return join(cacheFolder(), 'registry', sha256(JSON.stringify([input, formatLock(lock)])).slice(0, 32));
}

async function readFinished(folder: string): Promise<BuiltRegistry | undefined> {
  const text = await readFile(join(folder, 'index.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : { folder, index: registryIndexSchema.parse(JSON.parse(text)), built: false };
}
