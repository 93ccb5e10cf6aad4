/** Finished results of a stage lie in the cache side by side, one folder each, named by the hash of their input. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Ends the name of a folder that is still being written. */
export const buildingSuffix = '.building';

/** Results kept: the one in use and one to go back to. They have hundreds of megabytes each. */
const kept = 2;

/** Milliseconds after which a build that left its folder behind is taken for killed. */
const abandonedAfter = 3_600_000;

/** Removes all but the newest results of a stage, and what killed builds left. */
export async function dropOldResults(folder: string): Promise<void> {
  const found = await Promise.all((await readdir(folder)).map(async (name) => ({ name, time: (await stat(join(folder, name))).mtimeMs })));
  const abandoned = found.filter(({ name, time }) => name.endsWith(buildingSuffix) && time < Date.now() - abandonedAfter);
  const old = found.filter(({ name }) => !name.endsWith(buildingSuffix)).sort((a, b) => b.time - a.time).slice(kept);
  for (const { name } of [...abandoned, ...old]) await rm(join(folder, name), { recursive: true, force: true });
}
