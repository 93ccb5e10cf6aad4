/** Does to a tree, as data, what maintainer scripts would have done on a machine. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BuildError } from '../errors.ts';
import type { TreeRecipe } from '../recipe-fields.ts';
import type { MachineRecipe } from '../recipe.ts';
import { writeAccounts } from './accounts.ts';
import { writeCertificates } from './certificates.ts';
import { putLink } from './links.ts';
import type { Tree } from './tree.ts';

/** @param files folder that `from` refers to */
export async function configureTree(tree: Tree, recipe: TreeRecipe, files: string): Promise<void> {
  const accounts = writeAccounts(tree, recipe);
  for (const { path, mode, owner } of recipe.directories) {
    const wanted = { mode, ...accounts.resolve(owner) };
    tree.put(path, { kind: 'directory', mtime: tree.mtime, ...wanted });
    tree.change(path, wanted);
  }
  for (const file of recipe.files) {
    const content = await contentOf(tree, file, files);
    tree.putText(file.path, content, { mode: file.mode, ...accounts.resolve(file.owner) });
  }
  for (const [path, target] of Object.entries(recipe.links)) putLink(tree, path, target);
  for (const [path, program] of Object.entries(recipe.alternatives)) {
    if (tree.follow(program) === undefined) throw new BuildError('recipe-invalid', `The alternative ${path} leads to ${program}, which no package ships.`, 'Correct `alternatives` in vm-images/recipe.');
    const name = path.slice(path.lastIndexOf('/') + 1);
    putLink(tree, `/etc/alternatives/${name}`, program);
    putLink(tree, path, `/etc/alternatives/${name}`);
  }
  for (const { path, mode, owner } of recipe.attributes) tree.change(path, { mode, ...accounts.resolve(owner) });
  if (recipe.certificates) writeCertificates(tree);
  for (const path of recipe.remove) tree.remove(path);
}

async function contentOf(tree: Tree, file: TreeRecipe['files'][number], files: string): Promise<Uint8Array | string> {
  if (file.text !== undefined) return file.text;
  if (file.copy !== undefined) return tree.read(file.copy);
  return readFile(join(files, file.from ?? '')).catch((error: unknown) => {
    throw new BuildError('recipe-invalid', `The recipe takes ${file.path} from ${file.from}, which cannot be read.`, 'Put the file into vm-images/recipe/files.', error);
  });
}

/** Host name and systemd's links. */
export function configureSystem(tree: Tree, { hostname, enable, mask, maskGenerators, defaultTarget }: MachineRecipe['machine']): void {
  tree.putText('etc/hostname', `${hostname}\n`);
  putLink(tree, '/etc/systemd/system/default.target', unitPath(tree, defaultTarget));
  for (const [unit, target] of Object.entries(enable)) {
    putLink(tree, `/etc/systemd/system/${target}.wants/${unit}`, unitPath(tree, unit));
  }
  for (const unit of mask) putLink(tree, `/etc/systemd/system/${unit}`, '/dev/null');
  for (const name of maskGenerators) putLink(tree, `/etc/systemd/system-generators/${name}`, '/dev/null');
}

function unitPath(tree: Tree, unit: string): string {
  const path = ['/etc/systemd/system', '/usr/lib/systemd/system'].map((folder) => `${folder}/${unit}`).find((candidate) => tree.follow(candidate) !== undefined);
  if (path === undefined) throw new BuildError('recipe-invalid', `The recipe enables ${unit}, which does not exist.`, 'Correct `enable` in vm-images/recipe/machine.yaml.');
  return path;
}
