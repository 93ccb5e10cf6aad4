/**
 * `npm run vm:lock [-- --accept-expired] [-- --hosts]`: resolves the recipes against the mirror's signed indexes into
 * their lock files; with `--hosts` only that of the installation hosts.
 */
import { parseArgs } from 'node:util';
import { createTerminalReporter } from './cli.ts';
import { openArchives } from './debian/open.ts';
import { describeError } from './errors.ts';
import { createLock, formatLock, writeLock } from './lock.ts';
import { cacheFolder, lockFile, recipeFolder } from './paths.ts';
import { readRecipe, selectionHash } from './recipe.ts';
import { resolveRecipe } from './select.ts';
import { lockHosts } from '../hosts/lock.ts';
import { hostsLockFile } from '../hosts/recipe.ts';
import type { Lock } from './lock.ts';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { 'accept-expired': { type: 'boolean', default: false }, hosts: { type: 'boolean', default: false } } });
  const reporter = createTerminalReporter();
  const recipe = await readRecipe(recipeFolder);
  const archives = await openArchives({ cache: cacheFolder(), acceptExpired: values['accept-expired'], reporter });
  if (!values.hosts) {
    const { groups, date } = await resolveRecipe(recipe, archives, reporter);
    await keep(lockFile, createLock(selectionHash(recipe), date, groups));
  }
  await keep(hostsLockFile, await lockHosts(archives, reporter));
}

async function keep(path: string, lock: Lock): Promise<void> {
  await writeLock(path, lock);
  const bytes = Object.values(lock.packages).reduce((sum, entry) => sum + entry.size, 0);
  console.log(`${path}: ${Object.keys(lock.packages).length} packages, ${(bytes / 1e6).toFixed(1)} MB to download, ${formatLock(lock).length} bytes`);
}

await main().catch((error: unknown) => {
  console.error(describeError(error));
  process.exitCode = 1;
});
