/**
 * Makes the starts of exercises, so that their lessons open as quickly as those that have none.
 *
 *   <cache>/starts/<image>/<exercise>.json   what was made, see src/shared/starts.ts
 *   <cache>/starts/<image>/starts/           the files
 */
import { mkdir, readFile, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readExercises } from '../../src/checkers/node/exercises.ts';
import type { Exercise } from '../../src/checkers/schema.ts';
import { hasStartState, startIdentity } from '../../src/checkers/start-state.ts';
import type { ImageManifest } from '../../src/shared/manifest.ts';
import { startIndexSchema, type StartIndex } from '../../src/shared/starts.ts';
import { stateCompressionLevel } from '../builder/boot/parameters.ts';
import { publishPacked } from '../builder/boot/publish.ts';
import { BuildError } from '../builder/errors.ts';
import { cacheFolder, repositoryFolder, writeFileAtomically } from '../builder/paths.ts';
import type { Reporter } from '../builder/progress.ts';
import { dropOldResults, readResult } from '../builder/results.ts';
import type { JobPool } from '../jobs/job-pool.ts';

/** Raise when the code here changes what it makes. */
const stageVersion = 2;

const madeSchema = startIndexSchema.shape.starts.valueType;
type Made = StartIndex['starts'][string];

export interface Starts {
  /** Has a folder `starts` with the files of the index, and possibly older ones. */
  readonly folder: string;
  readonly index: StartIndex;
  /** How many were made now. */
  readonly built: number;
}

/** @throws BuildError `start-failed` with the exercise whose start cannot be made */
export async function buildStarts(image: { readonly folder: string; readonly manifest: ImageManifest }, jobs: JobPool, reporter: Reporter): Promise<Starts> {
  const folder = join(cacheFolder(), 'starts', `${image.manifest.id}-${stageVersion}`);
  await mkdir(folder, { recursive: true });
  // In use again, it is among the newest.
  await utimes(folder, new Date(), new Date());
  await dropOldResults(join(cacheFolder(), 'starts'));
  const exercises = (await readExercises(repositoryFolder)).filter(hasStartState);
  const starts: Record<string, Made> = {};
  const missing: Exercise[] = [];
  for (const exercise of exercises) {
    const made = await readResult(join(folder, `${exercise.id}.json`), madeSchema);
    if (made?.of === startIdentity(exercise)) starts[exercise.id] = made;
    else missing.push(exercise);
  }
  let done = 0;
  await Promise.all(missing.map(async (exercise) => {
    starts[exercise.id] = await make(exercise, image, folder, jobs);
    done++;
    reporter.progress({ stage: 'Making the starts of exercises', step: exercise.id, done, total: missing.length });
  }));
  // In one order, however they came.
  const index = startIndexSchema.parse({ schema: 1, starts: Object.fromEntries(exercises.map(({ id }) => [id, starts[id]])) });
  return { folder, index, built: missing.length };
}

async function make(exercise: Exercise, image: { readonly folder: string; readonly manifest: ImageManifest }, folder: string, jobs: JobPool): Promise<Made> {
  const target = join(folder, `${exercise.id}.session`);
  try {
    await jobs.run({ kind: 'start', exercise, manifest: join(image.folder, 'manifest.json'), target }, z.null());
    const packed = await publishPacked(folder, 'starts', await readFile(target), stateCompressionLevel);
    const made: Made = { of: startIdentity(exercise), state: { imageId: image.manifest.id, ...packed } };
    await writeFileAtomically(join(folder, `${exercise.id}.json`), JSON.stringify(made));
    return made;
  } catch (error) {
    throw new BuildError('start-failed', `the start of the exercise ${exercise.id} cannot be made`, `look at \`start\` in content/exercises/${exercise.id}/exercise.yaml, and in the defaults of its module in content/course.yaml; npm run lesson:check -- ${exercise.id} plays it`, error);
  } finally {
    await rm(target, { force: true });
  }
}
