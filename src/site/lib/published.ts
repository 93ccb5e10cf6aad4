/** What of the machine is published beside the site, so that a page knows it without asking. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import type { Exercise } from '../../checkers/schema.ts';
import { startIdentity } from '../../checkers/start-state.ts';
import { manifestSchema } from '../../shared/manifest.ts';
import { startIndexFile, startIndexSchema, type StartState } from '../../shared/starts.ts';

/**
 * Which image it is; the worker compares again when a saved machine is restored.
 *
 * @param manifestFile file in the folder of the images, see src/shared/hosts.ts
 * @returns `undefined` where no image was built, as while texts are written
 */
export async function publishedImageId(manifestFile: string): Promise<string | undefined> {
  return (await read(manifestFile, manifestSchema))?.id;
}

/** The start of an exercise as it is now, where it was made; one that has changed since is made when the lesson opens. */
export async function publishedStart(exercise: Exercise): Promise<StartState | undefined> {
  const made = (await read(startIndexFile, startIndexSchema))?.starts[exercise.id];
  return made?.of === startIdentity(exercise) ? made.state : undefined;
}

/** A file of another shape is left for the worker to complain about. */
async function read<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    return schema.safeParse(JSON.parse(await readFile(join(process.cwd(), 'public/vm', file), 'utf8'))).data;
  } catch {
    return undefined;
  }
}
