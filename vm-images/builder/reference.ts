/**
 * The engine as Debian's stable release has it, for the benchmark to compare with: locked packages -> one tar that is
 * laid over the machine's root. It is not part of any image.
 */
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeTarFile } from './archives.ts';
import { bringPackages } from './bring.ts';
import { sha256 } from './debian/download.ts';
import type { PrepareOptions } from './index.ts';
import { epochOf, formatLock, groupPackages, readLock, restrictLock } from './lock.ts';
import { cacheFolder, lockFile, recipeFolder } from './paths.ts';
import { readRecipe, referenceGroup, selectionHash } from './recipe.ts';
import { unpackFiles } from './tree/packages.ts';
import { Tree } from './tree/tree.ts';

/** Path of the tar, made unless it is in the cache. @throws BuildError */
export async function prepareReferenceEngine(options: PrepareOptions = {}): Promise<string> {
  const recipe = await readRecipe(recipeFolder);
  const lock = restrictLock(await readLock(lockFile, selectionHash(recipe)), [referenceGroup]);
  const { exclude } = recipe.machine.reference;
  const folder = join(cacheFolder(), 'bench');
  const target = join(folder, `reference-${sha256(JSON.stringify([formatLock(lock), exclude])).slice(0, 32)}.tar`);
  if ((await stat(target).catch(() => undefined)) !== undefined) return target;

  const { lock: fetched, debs } = await bringPackages(recipe, lock, options);
  const tree = new Tree(epochOf(lock));
  await unpackFiles(tree, { debs, packages: groupPackages(fetched, referenceGroup), exclude });
  await mkdir(folder, { recursive: true });
  const building = `${target}.${process.pid}.building`;
  try {
    await writeTarFile(building, tree.entries());
    await rename(building, target);
  } catch (error) {
    await rm(building, { force: true });
    throw error;
  }
  return target;
}
