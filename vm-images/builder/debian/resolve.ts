/** From the packages a recipe asks for to the full set with dependencies, and the order to install them in. */
import { BuildError } from '../errors.ts';
import type { Package, PackageIndex } from './packages.ts';
import { formatClause, meets, type Clause, type Provider, type Relation } from './relations.ts';

export interface Request {
  /** Package name, or a glob pattern of which the newest match is taken. */
  readonly name: string;
  /** Suites to take it from; the newest version in any of them wins. */
  readonly suites: readonly string[];
}

export interface ResolveOptions {
  /** For the messages. */
  readonly group: string;
  readonly requests: readonly Request[];
  /** Suites for what is only needed as a dependency; where they cannot serve, those of the package that needs it. */
  readonly dependencySuites: readonly string[];
  /** Names taken for present in any version. */
  readonly satisfied: readonly string[];
}

export interface Selected {
  readonly package: Package;
  /** The request it came from, where that was a pattern. */
  readonly pattern: string | undefined;
}

/**
 * @returns the selection in install order: a package comes after what it depends on, as far as there is no cycle
 * @throws BuildError `dependency-unsatisfied`
 */
export function resolve(index: PackageIndex, options: ResolveOptions): Selected[] {
  const chosen = new Map<string, Selected>();
  const origin = new Map<string, readonly string[]>();
  const queue: Package[] = [];
  const select = (found: Package, suites: readonly string[], pattern?: string): void => {
    chosen.set(found.name, { package: found, pattern });
    origin.set(found.name, suites);
    queue.push(found);
  };

  for (const { name, suites } of options.requests) {
    const found = index.newest(name, suites);
    if (found === undefined) throw unsatisfied(`The group "${options.group}" asks for ${name}, which is not in ${suites.join(' or ')}.`);
    select(found, suites, name.includes('*') ? name : undefined);
  }

  const used = new Set<string>();
  const isMet = (relation: Relation): boolean => {
    if ([...chosen.values()].some((entry) => meets(entry.package, relation))) return true;
    if (!options.satisfied.includes(relation.name)) return false;
    used.add(relation.name);
    return true;
  };
  for (let dependant = queue.shift(); dependant !== undefined; dependant = queue.shift()) {
    const own = origin.get(dependant.name) ?? [];
    for (const clause of dependant.depends) {
      if (clause.some(isMet)) continue;
      const found = candidate(index, clause, [options.dependencySuites, own]);
      const taken = found === undefined ? undefined : chosen.get(found.package.name);
      if (found === undefined || taken !== undefined) {
        const why = taken === undefined ? '' : ` (selected: ${taken.package.name} ${taken.package.version} of ${taken.package.suite})`;
        throw unsatisfied(`${dependant.name} ${dependant.version} in the group "${options.group}" needs ${formatClause(clause)}, which the suites cannot serve${why}.`);
      }
      select(found.package, found.suites);
    }
  }

  const idle = options.satisfied.filter((name) => !used.has(name));
  if (idle.length > 0) {
    throw new BuildError('recipe-invalid', `The group "${options.group}" takes ${idle.join(', ')} for satisfied, but nothing needs it.`, 'Remove it from `satisfied` in the recipe.');
  }
  const selection = [...chosen.values()];
  checkConflicts(selection, options.group);
  return installOrder(selection);
}

function unsatisfied(message: string): BuildError {
  return new BuildError('dependency-unsatisfied', message, 'Add the package or a `satisfied` entry with its reason in vm-images/recipe, or take it from another suite.');
}

function candidate(index: PackageIndex, clause: Clause, pools: readonly (readonly string[])[]): { package: Package; suites: readonly string[] } | undefined {
  for (const suites of pools) {
    for (const relation of clause) {
      for (const name of [relation.name, ...index.providers(relation.name)]) {
        const found = index.versions(name, suites).find((version) => meets(version, relation));
        if (found !== undefined) return { package: found, suites };
      }
    }
  }
  return undefined;
}

function checkConflicts(selection: readonly Selected[], group: string): void {
  for (const { package: one } of selection) {
    for (const relation of one.conflicts.flat()) {
      const other = selection.find((entry) => entry.package !== one && meets(entry.package, relation));
      if (other === undefined) continue;
      throw unsatisfied(`In the group "${group}", ${one.name} ${one.version} conflicts with ${other.package.name} ${other.package.version}.`);
    }
  }
}

/** Whether every dependency of the package is met by the others. Returns the first clause that is not. */
export function unmetClause(one: Package, others: readonly Provider[], satisfied: readonly string[]): Clause | undefined {
  return one.depends.find(
    (clause) => !clause.some((relation) => satisfied.includes(relation.name) || others.some((other) => meets(other, relation))),
  );
}

function installOrder(selection: readonly Selected[]): Selected[] {
  const sorted = selection.toSorted((a, b) => (a.package.name < b.package.name ? -1 : 1));
  const order: Selected[] = [];
  const seen = new Set<Selected>();
  const visit = (entry: Selected): void => {
    if (seen.has(entry)) return;
    seen.add(entry);
    for (const clause of entry.package.depends) {
      const met = clause.flatMap((relation) => sorted.filter((other) => meets(other.package, relation)))[0];
      if (met !== undefined) visit(met);
    }
    order.push(entry);
  };
  sorted.forEach(visit);
  return order;
}
