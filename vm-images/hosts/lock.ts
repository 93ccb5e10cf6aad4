/** The packages of the hosts and of the archive: locked in `hosts/lock.json`, and brought into the cache. */
import type { PrepareOptions } from '../builder/index.ts';
import type { Store } from '../builder/debian/download.ts';
import { openArchives, type Archives } from '../builder/debian/open.ts';
import { resolve } from '../builder/debian/resolve.ts';
import { fetchPackages } from '../builder/fetch.ts';
import { createLock, groupPackages, readLock, type Lock, type LockedPackage } from '../builder/lock.ts';
import { cacheFolder, lockFile, recipeFolder } from '../builder/paths.ts';
import { silentReporter, type Reporter } from '../builder/progress.ts';
import { readRecipe, selectionHash } from '../builder/recipe.ts';
import { loadIndexes } from '../builder/select.ts';
import { archiveGroup, asRecipe, hostSelectionHash, hostSelections, hostsLockFile, readHosts, type HostsRecipe } from './recipe.ts';

/** Resolves the hosts' packages against the signed indexes. */
export async function lockHosts(archives: Archives, reporter: Reporter): Promise<Lock> {
  const recipe = asRecipe(await readHosts(), await readRecipe(recipeFolder));
  const { index, date } = await loadIndexes(recipe, archives, reporter);
  const groups = hostSelections(recipe).map(({ group, packages, satisfied, dependencies }) => {
    const requests = packages.flatMap(({ from, names }) => names.map((name) => ({ name, suites: from })));
    return [group, resolve(index, { group, requests, dependencySuites: dependencies, satisfied: Object.keys(satisfied) })] as const;
  });
  return createLock(hostSelectionHash(recipe), date, new Map(groups));
}

export interface HostPackages {
  readonly recipe: HostsRecipe;
  /** As fetched. */
  readonly lock: Lock;
  /** The machine's, as locked: its packages are in `debs` when the machine was built. */
  readonly machineLock: Lock;
  readonly debs: Store;
}

/** The packages of the groups, and those of the machine that the packages of our own are made from, all in the cache. */
export async function fetchHostPackages(options: PrepareOptions = {}): Promise<HostPackages> {
  const reporter = options.reporter ?? silentReporter;
  const machineRecipe = await readRecipe(recipeFolder);
  const hosts = await readHosts();
  const recipe = asRecipe(hosts, machineRecipe);
  const whole = await readLock(lockFile, selectionHash(machineRecipe));
  const machineLock = onlyMachine(whole);
  const lock = withoutKnown(await readLock(hostsLockFile, hostSelectionHash(recipe)), hosts, machineLock);
  const archives = await openArchives({ cache: cacheFolder(), acceptExpired: options.acceptExpired === true, reporter, signal: options.signal });
  const common = { archives, reporter, frozen: options.frozen === true };
  return {
    recipe: hosts,
    debs: archives.debs,
    machineLock: await fetchPackages({ ...common, recipe: machineRecipe, lock: machineLock }),
    lock: await fetchPackages({ ...common, recipe, lock }),
  };
}

/** The machine's lock as far as hosts need it: every package of the machine's root. */
function onlyMachine(lock: Lock): Lock {
  return { ...lock, ...pick(lock, { machine: lock.groups['machine'] ?? [] }) };
}

/** Leaves out what the hosts have from the machine: nobody asks the archive for it. */
function withoutKnown(lock: Lock, hosts: HostsRecipe, machineLock: Lock): Lock {
  const purged = new Set(Object.values(hosts.hosts).flatMap(({ purge }) => purge));
  const known = new Set(groupPackages(machineLock, 'machine').map(({ name }) => name).filter((name) => !purged.has(name)));
  const left = Object.entries(lock.groups).map(([group, keys]) => [group, keys.filter((key) => !known.has(lock.packages[key]?.name ?? ''))] as const);
  return { ...lock, ...pick(lock, Object.fromEntries(left)) };
}

function pick(lock: Lock, groups: Record<string, string[]>): Pick<Lock, 'groups' | 'packages'> {
  const keys = new Set(Object.values(groups).flat());
  return { groups, packages: Object.fromEntries(Object.entries(lock.packages).filter(([key]) => keys.has(key))) };
}

export function archivePackages(lock: Lock): LockedPackage[] {
  return groupPackages(lock, archiveGroup);
}

