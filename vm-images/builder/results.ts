/** Finished results of a stage lie in the cache side by side, one folder each, named by the hash of their input. */
import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { z } from 'zod';

/** Ends the name of a folder that is still being written. */
const buildingSuffix = '.building';

/** Results kept: the one in use and one to go back to. They have hundreds of megabytes each. */
const kept = 2;

/** Milliseconds after which a build that left its folder behind is taken for killed. */
const abandonedAfter = 3_600_000;

/**
 * Has the work write into a folder beside `folder`, which takes its place when all is done; nothing half-built is kept. Older
 * results of the stage go.
 */
export async function buildFolder<Result>(folder: string, work: (building: string) => Promise<Result>): Promise<Result> {
  const building = `${folder}.${process.pid}${buildingSuffix}`;
  try {
    await rm(building, { recursive: true, force: true });
    const result = await work(building);
    await rm(folder, { recursive: true, force: true });
    await rename(building, folder);
    await dropOldResults(dirname(folder));
    return result;
  } catch (error) {
    await rm(building, { recursive: true, force: true });
    throw error;
  }
}

/** The file that a stage writes last, and by which its result is known to be whole; undefined where there is none. */
export async function readResult<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : schema.parse(JSON.parse(text));
}

/** Removes all but the newest results of a stage, and what killed builds left. */
export async function dropOldResults(folder: string): Promise<void> {
  const found = await Promise.all((await readdir(folder)).map(async (name) => ({ name, time: (await stat(join(folder, name))).mtimeMs })));
  const abandoned = found.filter(({ name, time }) => name.endsWith(buildingSuffix) && time < Date.now() - abandonedAfter);
  const old = found.filter(({ name }) => !name.endsWith(buildingSuffix)).sort((a, b) => b.time - a.time).slice(kept);
  for (const { name } of [...abandoned, ...old]) await rm(join(folder, name), { recursive: true, force: true });
}
