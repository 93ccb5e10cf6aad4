/** Brings the locked packages into the cache: in parallel, each one verified before it is kept. */
import { difference, type Store } from './debian/download.ts';
import type { Archives } from './debian/open.ts';
import type { Package, PackageIndex } from './debian/packages.ts';
import { formatClause, type Provider } from './debian/relations.ts';
import { unmetClause } from './debian/resolve.ts';
import { BuildError } from './errors.ts';
import { inParallel } from './in-parallel.ts';
import { groupPackages, type Lock, type LockedPackage } from './lock.ts';
import type { Reporter } from './progress.ts';
import { selections, type Recipe } from './recipe.ts';
import { loadIndexes } from './select.ts';

const stage = 'Downloading packages';
const parallel = 6;

export interface FetchOptions {
  readonly recipe: Recipe;
  readonly lock: Lock;
  readonly archives: Archives;
  readonly reporter: Reporter;
  /** Refuse to build when a locked package is gone from the mirror, instead of taking the newest one. */
  readonly frozen: boolean;
  /** Loads the signed indexes; called at most once, and only when a locked package is gone. */
  readonly loadIndex?: () => Promise<PackageIndex>;
}

/**
 * @returns the lock with every package that had to be substituted replaced; all its packages are in `archives.debs`
 * @throws BuildError `package-mismatch`, `download-failed`, `not-on-mirror`, `lock-frozen`, `dependency-unsatisfied`
 */
export async function fetchPackages(options: FetchOptions): Promise<Lock> {
  const { lock, archives, reporter, recipe } = options;
  const loadIndex = options.loadIndex ?? (async () => (await loadIndexes(recipe, archives, reporter)).index);
  let index: Promise<PackageIndex> | undefined;
  const fetched = new Map<string, LockedPackage>();
  const wanted = Object.entries(lock.packages);
  const total = wanted.reduce((sum, [, entry]) => sum + entry.size, 0);
  let done = 0;
  reporter.progress({ stage, done, total });

  const stop = new AbortController();
  const signal = archives.signal === undefined ? stop.signal : AbortSignal.any([archives.signal, stop.signal]);
  try {
    await inParallel(wanted, parallel, async ([key, entry]) => {
      signal.throwIfAborted();
      let taken = entry;
      try {
        await bring(entry, options, signal);
      } catch (error) {
        if (!(error instanceof BuildError) || error.code !== 'not-on-mirror') throw error;
        if (options.frozen) throw new BuildError('lock-frozen', `The mirror no longer has ${key}, and --frozen allows no other version.`, 'Run `npm run vm:lock`, use a mirror that still has it, or build without --frozen.', error);
        index ??= loadIndex();
        taken = substitute(entry, await index, recipe, lock);
        await bring(taken, options, signal);
        reporter.warn(`The mirror no longer has ${key}; took ${taken.name} ${taken.version} of its signed index instead. Run \`npm run vm:lock\` to lock it.`);
      }
      fetched.set(key, taken);
      done += entry.size;
      reporter.progress({ stage, done, total });
    });
  } catch (error) {
    stop.abort();
    throw error;
  }
  return { ...lock, packages: Object.fromEntries(Object.keys(lock.packages).map((key) => [key, fetched.get(key) ?? missing(key)])) };
}

function missing(key: string): never {
  throw new BuildError('lock-invalid', `"${key}" was not fetched.`, 'Run the command again.');
}

async function bring(entry: LockedPackage, { archives, recipe }: FetchOptions, signal: AbortSignal): Promise<void> {
  if ((await archives.debs.read(entry)) !== undefined) return;
  const suite = recipe.machine.suites[entry.suite];
  if (suite === undefined) throw new BuildError('lock-outdated', `The lock takes ${entry.name} from "${entry.suite}", which the recipe does not know.`, 'Run `npm run vm:lock`.');
  const data = await archives.downloader.get(new URL(entry.filename, archives.mirrors(suite.archive)), signal);
  const wrong = difference(data, entry);
  if (wrong !== undefined) {
    throw new BuildError('package-mismatch', `The package ${entry.name} ${entry.version} from the mirror is not the locked one: ${wrong}. It was thrown away.`, 'The mirror or something on the way is broken or tampered with: try again, or another mirror (DRYDOCK_DEBIAN_MIRROR).');
  }
  await archives.debs.write(entry, data);
}

/** The newest version that the signed indexes have now, if the other locked packages serve it. */
function substitute(entry: LockedPackage, index: PackageIndex, recipe: Recipe, lock: Lock): LockedPackage {
  const groups = selections(recipe);
  const lists = groups.flatMap((group) => [group.dependencies, ...group.packages.map((request) => request.from)]);
  const suites = lists.find((list) => list.includes(entry.suite)) ?? [entry.suite];
  const found = index.newest(entry.pattern ?? entry.name, suites);
  const hint = 'Run `npm run vm:lock`.';
  if (found === undefined || found.sha256 === entry.sha256) {
    throw new BuildError('not-on-mirror', `The mirror has neither ${entry.name} ${entry.version} nor a newer one.`, `${hint} If that does not help, use another mirror (DRYDOCK_DEBIAN_MIRROR).`);
  }
  for (const { group, satisfied } of groups) {
    const members = groupPackages(lock, group);
    if (!members.some((member) => member.name === entry.name && member.version === entry.version)) continue;
    const others = members.map((member) => known(member, index));
    const unmet = unmetClause(found, others, Object.keys(satisfied));
    if (unmet !== undefined) {
      throw new BuildError('dependency-unsatisfied', `The mirror no longer has ${entry.name} ${entry.version}, and its successor ${found.version} needs ${formatClause(unmet)}, which is not locked.`, hint);
    }
  }
  return lockedOf(found, entry.pattern);
}

function known(member: LockedPackage, index: PackageIndex): Provider {
  const versions = index.versions(member.name, [member.suite]);
  const same = versions.find((version) => version.version === member.version) ?? versions[0];
  return { name: member.name, version: member.version, provides: same?.provides ?? [] };
}

function lockedOf({ name, version, architecture, suite, filename, size, sha256 }: Package, pattern: string | undefined): LockedPackage {
  return { name, version, architecture, suite, filename, size, sha256, ...(pattern === undefined ? {} : { pattern }) };
}

/** Reads a fetched package. @throws BuildError when it was damaged or removed since */
export async function readPackage(debs: Store, entry: LockedPackage): Promise<Buffer> {
  const data = await debs.read(entry);
  if (data === undefined) {
    throw new BuildError('package-mismatch', `The cached package ${entry.name} ${entry.version} is gone or damaged.`, 'Run the command again: it is downloaded anew.');
  }
  return data;
}
