/**
 * Makes the starts of exercises whose making takes the engine seconds, so that their lessons open as quickly as the others.
 *
 *   <cache>/starts/<image>/<exercise>.json   what was made, see src/shared/starts.ts
 *   <cache>/starts/<image>/starts/           the files
 */
import { fork } from 'node:child_process';
import { mkdir, readdir, readFile, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { loadExercise } from '../../src/checkers/load-exercise.ts';
import type { Exercise } from '../../src/checkers/schema.ts';
import { hasStartState, startIdentity } from '../../src/checkers/start-state.ts';
import type { ImageManifest } from '../../src/shared/manifest.ts';
import { startIndexSchema, type StartIndex } from '../../src/shared/starts.ts';
import { stateCompressionLevel } from '../builder/boot/parameters.ts';
import { compressPart } from '../builder/boot/publish.ts';
import { BuildError } from '../builder/errors.ts';
import { inParallel } from '../builder/in-parallel.ts';
import { cacheFolder, repositoryFolder, writeFileAtomically } from '../builder/paths.ts';
import type { Reporter } from '../builder/progress.ts';
import { dropOldResults, readResult } from '../builder/results.ts';
import type { StartOrder } from './make-start.ts';

/** Raise when the code here changes what it makes. */
const stageVersion = 2;

/** Machines at work at once: each keeps a core busy and takes a gigabyte. */
const machinesAtOnce = 2;

const exercisesFolder = join(repositoryFolder, 'content/exercises');

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
export async function buildStarts(image: { readonly folder: string; readonly manifest: ImageManifest }, reporter: Reporter): Promise<Starts> {
  const folder = join(cacheFolder(), 'starts', `${image.manifest.id}-${stageVersion}`);
  await mkdir(folder, { recursive: true });
  // In use again, it is among the newest.
  await utimes(folder, new Date(), new Date());
  await dropOldResults(join(cacheFolder(), 'starts'));
  const exercises = (await allExercises()).filter(hasStartState);
  const starts: Record<string, Made> = {};
  const missing: Exercise[] = [];
  for (const exercise of exercises) {
    const made = await readResult(join(folder, `${exercise.id}.json`), madeSchema);
    if (made?.of === startIdentity(exercise)) starts[exercise.id] = made;
    else missing.push(exercise);
  }
  let done = 0;
  await inParallel(missing, machinesAtOnce, async (exercise) => {
    reporter.progress({ stage: 'Making the starts of exercises', step: exercise.id, done, total: missing.length });
    starts[exercise.id] = await make(exercise, image, folder);
    done++;
  });
  // In one order, however they came.
  const index = startIndexSchema.parse({ schema: 1, starts: Object.fromEntries(exercises.map(({ id }) => [id, starts[id]])) });
  return { folder, index, built: missing.length };
}

async function allExercises(): Promise<Exercise[]> {
  const names = (await readdir(exercisesFolder)).sort();
  return Promise.all(names.map((name) => loadExercise(join(exercisesFolder, name, 'exercise.yaml'), (path) => readFile(path, 'utf8'))));
}

async function make(exercise: Exercise, image: { readonly folder: string; readonly manifest: ImageManifest }, folder: string): Promise<Made> {
  const target = join(folder, `${exercise.id}.session`);
  try {
    await inProcess({ exercise, manifest: join(image.folder, 'manifest.json'), target });
    const bytes = await readFile(target);
    const part = await compressPart(folder, 'starts', bytes, stateCompressionLevel);
    const made: Made = { of: startIdentity(exercise), state: { imageId: image.manifest.id, bytes: bytes.length, part } };
    await writeFileAtomically(join(folder, `${exercise.id}.json`), JSON.stringify(made));
    return made;
  } catch (error) {
    throw new BuildError('start-failed', `the start of the exercise ${exercise.id} cannot be made`, `look at \`start\` in content/exercises/${exercise.id}/exercise.yaml; npm run lesson:check -- ${exercise.id} plays it`, error);
  } finally {
    await rm(target, { force: true });
  }
}

/**
 * A machine keeps its thread busy, so each has a process of its own. Code that is compiled a second time for speed does not
 * pay for the minute that it takes, and would take the other machine's core.
 */
function inProcess(order: StartOrder): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'make-start.ts'), [JSON.stringify(order)], { execArgv: [...process.execArgv, '--liftoff-only'], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`its process ended with code ${code}: ${said.trim()}`))));
  });
}
