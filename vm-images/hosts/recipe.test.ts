import { expect, it } from 'vitest';
import { hostNames } from '../../src/shared/hosts.ts';
import { readLock } from '../builder/lock.ts';
import { lockFile, recipeFolder } from '../builder/paths.ts';
import { readRecipe, selectionHash } from '../builder/recipe.ts';
import { asRecipe, hostSelectionHash, hostsLockFile, readHosts } from './recipe.ts';

it('has every host that the lab knows, and a lock that is up to date', async () => {
  const hosts = await readHosts();
  expect(['machine', ...Object.keys(hosts.hosts)]).toEqual([...hostNames]);
  const lock = await readLock(hostsLockFile, hostSelectionHash(asRecipe(hosts, await readRecipe(recipeFolder))));
  expect(Object.keys(lock.groups)).toEqual(['layer-archive', ...Object.keys(hosts.hosts).map((name) => `layer-${name}`)]);
});

it('purges only what the machine has', async () => {
  const machine = await readRecipe(recipeFolder);
  const { groups } = await readLock(lockFile, selectionHash(machine));
  const names = new Set(groups['machine']?.map((key) => key.split(' ')[0]));
  for (const { purge } of Object.values((await readHosts()).hosts)) expect(purge.filter((name) => !names.has(name))).toEqual([]);
});
