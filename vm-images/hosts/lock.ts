/** The packages of the hosts and of the archive: locked in `hosts/lock.json`, and brought into the cache. */
import { bringPackages } from '../builder/bring.ts';
import type { PrepareOptions } from '../builder/index.ts';
import type { Store } from '../builder/debian/download.ts';
import type { Archives } from '../builder/debian/open.ts';
import { resolve } from '../builder/debian/resolve.ts';
import { createLock, groupPackages, readLock, type Lock, type LockedPackage } from '../builder/lock.ts';
import { lockFile, recipeFolder } from '../builder/paths.ts';
import type { Reporter } from '../builder/progress.ts';
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

/** What is locked, whether or not it is in the cache. */
export interface HostLocks {
  readonly recipe: HostsRecipe;
  readonly lock: Lock;
  /** The machine's, as far as hosts need it. */
  readonly machineLock: Lock;
}

/** The same as fetched: packages that are gone from the mirror are replaced. */
export interface HostPackages extends HostLocks {
  readonly debs: Store;
}

/** Reads the locks; nothing is downloaded. */
export async function readHostLocks(): Promise<HostLocks> {
  const machineRecipe = await readRecipe(recipeFolder);
  const recipe = await readHosts();
  const machineLock = onlyMachine(await readLock(lockFile, selectionHash(machineRecipe)));
  const lock = withoutKnown(await readLock(hostsLockFile, hostSelectionHash(asRecipe(recipe, machineRecipe))), recipe, machineLock);
  return { recipe, lock, machineLock };
}

/** The packages of the groups, and those of the machine that the packages of our own are made from, all in the cache. */
export async function fetchHostPackages({ recipe, lock, machineLock }: HostLocks, options: PrepareOptions): Promise<HostPackages> {
  const machineRecipe = await readRecipe(recipeFolder);
  const machine = await bringPackages(machineRecipe, machineLock, options);
  const own = await bringPackages(asRecipe(recipe, machineRecipe), lock, options);
  return { recipe, lock: own.lock, machineLock: machine.lock, debs: own.debs };
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
