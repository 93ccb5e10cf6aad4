/** The kernel package: which of its modules go into the machine. */
import { BuildError } from '../errors.ts';
import { pathMatcher } from './glob.ts';
import type { Tree } from './tree.ts';

const folder = 'usr/lib/modules/';

/** Version as in /lib/modules, such as 6.1.0-54-686. @throws BuildError unless the tree holds exactly one kernel */
export function kernelVersion(tree: Tree): string {
  const versions = new Set(tree.paths().filter((path) => path.startsWith(folder)).map((path) => path.slice(folder.length).split('/')[0] ?? ''));
  const [version] = versions;
  if (version === undefined || versions.size > 1) {
    throw new BuildError('tree-conflict', `The kernel package holds the modules of ${versions.size} kernels instead of one.`, 'Correct `kernel` in vm-images/recipe/machine.yaml.');
  }
  return version;
}

/** Names of the modules that a module needs to be loaded before it, from its `.modinfo` section. Dashes are underscores. */
export function moduleDependencies(module: Uint8Array): string[] {
  const bytes = Buffer.from(module.buffer, module.byteOffset, module.byteLength);
  const start = bytes.indexOf('\0depends=', 0, 'latin1');
  if (start < 0) return [];
  const value = bytes.toString('latin1', start + '\0depends='.length, bytes.indexOf(0, start + 1));
  return value === '' ? [] : value.split(',').map(moduleName);
}

/** The kernel's own name of a module: file names have dashes where it has underscores. */
export function moduleName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.ko$/, '').replaceAll('-', '_');
}

/**
 * The modules that the patterns name, and what those need.
 *
 * @param patterns under `kernel/`
 * @returns paths in the tree, sorted
 * @throws BuildError when a pattern matches nothing: then the recipe and the kernel have drifted apart
 */
export function selectModules(tree: Tree, patterns: readonly string[]): string[] {
  const root = `${folder}${kernelVersion(tree)}/kernel/`;
  const all = tree.paths().filter((path) => path.startsWith(root) && path.endsWith('.ko'));
  const byName = new Map(all.map((path) => [moduleName(path), path]));
  const wanted = new Set<string>();
  const add = (path: string): void => {
    if (wanted.has(path)) return;
    wanted.add(path);
    for (const name of moduleDependencies(tree.read(path))) {
      const needed = byName.get(name);
      if (needed === undefined) throw new BuildError('tree-conflict', `The kernel module ${path} needs ${name}, which the package lacks.`, 'Take another kernel package.');
      add(needed);
    }
  };
  for (const pattern of patterns) {
    const matches = pathMatcher([`${root}${pattern}`]);
    const matched = all.filter(matches);
    if (matched.length === 0) throw new BuildError('recipe-invalid', `The kernel has no module that matches "${pattern}".`, 'Correct `kernel.modules` in vm-images/recipe/machine.yaml.');
    matched.forEach(add);
  }
  return [...wanted].sort();
}

/** Takes the modules that are not wanted out of the tree. */
export function dropModules(tree: Tree, wanted: readonly string[]): void {
  const kept = new Set(wanted);
  for (const path of tree.paths()) if (path.startsWith(folder) && path.endsWith('.ko') && !kept.has(path)) tree.remove(path);
}
