/** Brings the machine to the start of an exercise. */
import type { AgentClient } from '../guest/client.ts';
import { DrydockError, isDrydockError, reasonOf } from '../shared/errors.ts';
import { familiarName } from './image-name.ts';
import type { EngineReader } from './look.ts';
import type { Exercise } from './schema.ts';

export interface PrepareOptions {
  exercise: Exercise;
  engine: Pick<EngineReader, 'images' | 'inspectContainer'>;
  guest: Pick<AgentClient, 'exec' | 'writeFile'>;
  signal?: AbortSignal;
  /** Called before each step, with the steps behind and all there are. */
  onStep?: (done: number, total: number) => void;
}

const commandTimeoutMs = 180_000;

/** Makes the start in a machine that was just restored. Raises DD4003 with the step, or DD2011 when aborted. */
export async function prepareExercise(options: PrepareOptions): Promise<void> {
  const { exercise, engine, guest, signal } = options;
  const { start } = exercise;
  const folders = [...new Set(start.files.map(({ path }) => path.slice(0, path.lastIndexOf('/'))))].filter((folder) => folder !== '');
  const writeFiles = async (): Promise<void> => {
    await Promise.all(start.files.map(({ path, content, mode }) => step(`write ${path}`, () => guest.writeFile(path, content, { mode: Number.parseInt(mode, 8), signal }))));
  };
  // The learner's prompt appears meanwhile: no shell is started for the folders, and no file waits for another.
  const steps = [
    ...(folders.length > 0 ? [() => run(['mkdir', '-p', ...folders], `mkdir -p ${folders.join(' ')}`, options)] : []),
    ...(start.files.length > 0 ? [writeFiles] : []),
    ...start.commands.map((command) => () => runCommand(command, options)),
  ];
  for (const [done, make] of steps.entries()) {
    options.onStep?.(done, steps.length);
    await make();
  }
  if (start.images.length > 0) {
    const tags = new Set((await step('list images', () => engine.images({ signal }))).flatMap((image) => image.RepoTags.map(familiarName)));
    const missing = start.images.filter((name) => !tags.has(familiarName(name)));
    if (missing.length > 0) throw failed('look for images', `${missing.join(', ')} not present`);
  }
  for (const name of start.containers) {
    const found = await step(`look for container ${name}`, () => engine.inspectContainer(name, { signal }));
    if (found === null) throw failed(`look for container ${name}`, 'it does not exist');
  }
}

/** Goes back to the start without restoring the machine. Only for an exercise that has `reset`. */
export async function resetExercise(options: PrepareOptions): Promise<void> {
  for (const command of options.exercise.reset?.commands ?? []) await runCommand(command, options);
  await prepareExercise(options);
}

function runCommand(command: string, options: PrepareOptions): Promise<void> {
  return run(['bash', '-lc', command], command, options);
}

async function run(argv: readonly string[], name: string, { guest, signal }: PrepareOptions): Promise<void> {
  const result = await step(name, () => guest.exec(argv, { signal, timeoutMs: commandTimeoutMs }));
  if (result.exitCode !== 0) {
    throw failed(name, `exit code ${result.exitCode}: ${(result.stderr || result.stdout).trim().slice(0, 300)}`);
  }
}

async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isDrydockError(error, 'operation-cancelled')) throw error;
    throw failed(name, reasonOf(error), error);
  }
}

function failed(name: string, reason: string, cause?: unknown): DrydockError {
  return new DrydockError('exercise-step-failed', { step: name, reason }, cause === undefined ? undefined : { cause });
}
