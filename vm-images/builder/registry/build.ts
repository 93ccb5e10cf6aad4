/**
 * The stage that makes the public registry of the virtual network: locked packages -> layers -> `<cache>/registry/<key>`,
 * kept by the hash of what goes into it. It needs no running machine and the machine does not need it.
 */
import { join } from 'node:path';
import { registryIndexSchema, type RegistryIndex } from '../../../src/shared/registry.ts';
import { bringPackages } from '../bring.ts';
import { sha256 } from '../debian/download.ts';
import type { PrepareOptions } from '../index.ts';
import { registryInputHash } from '../inputs.ts';
import { epochOf, formatLock, readLock, restrictLock, type Lock } from '../lock.ts';
import { cacheFolder, lockFile, recipeFolder } from '../paths.ts';
import { silentReporter } from '../progress.ts';
import { layerGroup } from '../recipe-images.ts';
import { readRecipe, selectionHash } from '../recipe.ts';
import { buildFolder, readResult } from '../results.ts';
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

  const { lock: fetched, debs } = await bringPackages(recipe, lock, options);
  const folder = folderOf(fetched, input);
  const substituted = await readFinished(folder);
  if (substituted !== undefined) return substituted;

  const index = await buildFolder(folder, (building) => publishRegistry(building, { images: recipe.images, lock: fetched, debs, epoch: epochOf(lock), files: join(recipeFolder, 'files') }, reporter));
  return { folder, index, built: true };
}

function folderOf(lock: Lock, input: string): string {
  return join(cacheFolder(), 'registry', sha256(JSON.stringify([input, formatLock(lock)])).slice(0, 32));
}

async function readFinished(folder: string): Promise<BuiltRegistry | undefined> {
  const index = await readResult(join(folder, 'index.json'), registryIndexSchema);
  return index && { folder, index, built: false };
}
