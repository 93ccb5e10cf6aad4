/** Resolves every group of the recipe against the signed indexes. */
import { fetchSuiteIndex, type ArchiveContext } from './debian/archive.ts';
import { PackageIndex } from './debian/packages.ts';
import { resolve, type Selected } from './debian/resolve.ts';
import type { Reporter } from './progress.ts';
import { selections, type Recipe } from './recipe.ts';

export interface LoadedIndex {
  readonly index: PackageIndex;
  /** Date of the newest suite. */
  readonly date: Date;
}

/** Fetches the indexes of every suite of the recipe. */
export async function loadIndexes(recipe: Recipe, context: ArchiveContext, reporter: Reporter): Promise<LoadedIndex> {
  const suites = Object.entries(recipe.machine.suites);
  const index = new PackageIndex();
  let date = new Date(0);
  for (const [done, [name, suite]] of suites.entries()) {
    reporter.progress({ stage: 'Reading package indexes', done, total: suites.length });
    const loaded = await fetchSuiteIndex({ name, ...suite }, context);
    index.add(name, loaded.packages);
    if (loaded.date > date) date = loaded.date;
  }
  reporter.progress({ stage: 'Reading package indexes', done: suites.length, total: suites.length });
  return { index, date };
}

export interface Resolved {
  readonly groups: ReadonlyMap<string, readonly Selected[]>;
  readonly date: Date;
}

export async function resolveRecipe(recipe: Recipe, context: ArchiveContext, reporter: Reporter): Promise<Resolved> {
  const { index, date } = await loadIndexes(recipe, context, reporter);
  const groups = new Map<string, Selected[]>();
  for (const { group, packages, satisfied, dependencies } of selections(recipe)) {
    const requests = packages.flatMap(({ from, names }) => names.map((name) => ({ name, suites: from })));
    groups.set(
      group,
      resolve(index, { group, requests, dependencySuites: dependencies, satisfied: Object.keys(satisfied) }),
    );
  }
  return { groups, date };
}
