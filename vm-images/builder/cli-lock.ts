/** `npm run vm:lock [-- --accept-expired]`: resolves the recipe against the mirror's signed indexes into lock.json. */
import { parseArgs } from 'node:util';
import { createTerminalReporter } from './cli.ts';
import { openArchives } from './debian/open.ts';
import { describeError } from './errors.ts';
import { createLock, formatLock, writeLock } from './lock.ts';
import { cacheFolder, lockFile, recipeFolder } from './paths.ts';
import { readRecipe, selectionHash } from './recipe.ts';
import { resolveRecipe } from './select.ts';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { 'accept-expired': { type: 'boolean', default: false } } });
  const reporter = createTerminalReporter();
  const recipe = await readRecipe(recipeFolder);
  const archives = await openArchives({ cache: cacheFolder(), acceptExpired: values['accept-expired'], reporter });
  const { groups, date } = await resolveRecipe(recipe, archives, reporter);
  const lock = createLock(selectionHash(recipe), date, groups);
  await writeLock(lockFile, lock);
  const bytes = Object.values(lock.packages).reduce((sum, entry) => sum + entry.size, 0);
  console.log(`${lockFile}: ${Object.keys(lock.packages).length} packages, ${(bytes / 1e6).toFixed(1)} MB to download, ${formatLock(lock).length} bytes`);
}

await main().catch((error: unknown) => {
  console.error(describeError(error));
  process.exitCode = 1;
});
