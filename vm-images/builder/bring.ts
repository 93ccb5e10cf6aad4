/** The locked packages of a stage, brought into the cache: from the options of a build to a store that has them all. */
import type { Store } from './debian/download.ts';
import { openArchives } from './debian/open.ts';
import { fetchPackages } from './fetch.ts';
import type { PrepareOptions } from './index.ts';
import type { Lock } from './lock.ts';
import { cacheFolder } from './paths.ts';
import { silentReporter } from './progress.ts';
import type { Recipe } from './recipe.ts';

export interface Brought {
  /** As fetched: packages that are gone from the mirror are replaced. */
  readonly lock: Lock;
  readonly debs: Store;
}

/** @throws BuildError as `fetchPackages` */
export async function bringPackages(recipe: Recipe, lock: Lock, options: PrepareOptions): Promise<Brought> {
  const reporter = options.reporter ?? silentReporter;
  const archives = await openArchives({ cache: cacheFolder(), acceptExpired: options.acceptExpired === true, reporter, signal: options.signal });
  return { lock: await fetchPackages({ recipe, lock, archives, reporter, frozen: options.frozen === true }), debs: archives.debs };
}
