/**
 * What the learner has done, kept in the browser.
 *
 * Stored data may be missing, written by an older version, cut off or edited by hand; the lesson must go on in each case.
 */
import { z } from 'zod';
import { DrydockError, reasonOf } from '../shared/errors.ts';
import { idSchema } from '../shared/id.ts';

/** Where progress is kept; `localStorage` fits. Each may throw. */
export interface KeyValueStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export const progressSchema = z.strictObject({
  version: z.literal(1),
  done: z.record(idSchema, z.iso.datetime()).describe('When each task was done first, by task id'),
  hints: z.record(idSchema, z.int().nonnegative()).describe('How many hints were opened, by task id'),
  answered: z.record(idSchema, z.iso.datetime()).optional().describe('When each question was answered right first, by question id'),
  tries: z.record(idSchema, z.int().nonnegative()).optional().describe('How often each question was answered, by question id'),
});

/** Progress in one lesson: the tasks of its exercise, and the questions of its quizzes. */
export type LessonProgress = z.infer<typeof progressSchema>;

export interface LoadedProgress {
  progress: LessonProgress;
  /** Why what is stored could not be used (DD5001, DD5003); the progress is then empty. */
  warning?: DrydockError;
}

const prefix = 'drydock:progress:';
const asideSuffix = ':unreadable';

export class ProgressStore {
  readonly #store: KeyValueStore;

  constructor(store: KeyValueStore) {
    this.#store = store;
  }

  /** Never throws. Data that cannot be read is put aside under another key, so that nothing is lost for good. */
  load(lesson: string): LoadedProgress {
    let text: string | null;
    try {
      text = this.#store.getItem(prefix + lesson);
    } catch (error) {
      return { progress: emptyProgress(), warning: new DrydockError('storage-unavailable', { reason: reasonOf(error) }, { cause: error }) };
    }
    if (text === null) return { progress: emptyProgress() };
    try {
      return { progress: progressSchema.parse(JSON.parse(text)) };
    } catch (error) {
      this.#putAside(lesson, text);
      const reason = error instanceof z.ZodError ? (error.issues[0]?.message ?? 'unknown shape') : reasonOf(error);
      return { progress: emptyProgress(), warning: new DrydockError('progress-corrupt', { lesson, reason }, { cause: error }) };
    }
  }

  /** Notes tasks as done; the date of those done before stays. Raises DD5001 or DD5002. */
  markDone(lesson: string, tasks: Iterable<string>, now: Date): void {
    // Read again each time: another tab may have gone on in the same lesson.
    const { progress } = this.load(lesson);
    for (const task of tasks) progress.done[task] ??= now.toISOString();
    this.#save(lesson, progress);
  }

  /** Notes how many hints of a task are open. Raises DD5001 or DD5002. */
  setHints(lesson: string, task: string, count: number): void {
    const { progress } = this.load(lesson);
    progress.hints[task] = count;
    this.#save(lesson, progress);
  }

  /** Notes an answer to a question; the date of the first right one stays. Raises DD5001 or DD5002. */
  markAnswered(lesson: string, question: string, right: boolean, now: Date): void {
    const { progress } = this.load(lesson);
    progress.tries = { ...progress.tries, [question]: (progress.tries?.[question] ?? 0) + 1 };
    if (right) progress.answered = { [question]: now.toISOString(), ...progress.answered };
    this.#save(lesson, progress);
  }

  /** Adds what was done elsewhere to what was done here. Raises DD5001 or DD5002. */
  merge(lesson: string, other: LessonProgress): void {
    this.#save(lesson, mergeProgress(this.load(lesson).progress, other));
  }

  /** Forgets the lesson. Raises DD5001. */
  clear(lesson: string): void {
    try {
      this.#store.removeItem(prefix + lesson);
    } catch (error) {
      throw storageError(error);
    }
  }

  #save(lesson: string, progress: LessonProgress): void {
    try {
      this.#store.setItem(prefix + lesson, JSON.stringify(progress));
    } catch (error) {
      throw storageError(error);
    }
  }

  /** Under a key of its own, so that an older copy stays as well. */
  #putAside(lesson: string, text: string): void {
    try {
      const first = prefix + lesson + asideSuffix;
      let key = first;
      for (let number = 2; ![null, text].includes(this.#store.getItem(key)); number += 1) key = `${first}-${number}`;
      this.#store.setItem(key, text);
      this.#store.removeItem(prefix + lesson);
    } catch {
      // The warning about the data itself is given either way.
    }
  }
}

function emptyProgress(): LessonProgress {
  return { version: 1, done: {}, hints: {} };
}

/** What was done here or there: of two dates the earlier one counts, of two numbers the greater. */
export function mergeProgress(here: LessonProgress, there: LessonProgress): LessonProgress {
  const earlier = (a: string, b: string): string => (Date.parse(a) <= Date.parse(b) ? a : b);
  const merged: LessonProgress = { version: 1, done: join(here.done, there.done, earlier), hints: join(here.hints, there.hints, Math.max) };
  if (here.answered || there.answered) merged.answered = join(here.answered, there.answered, earlier);
  if (here.tries || there.tries) merged.tries = join(here.tries, there.tries, Math.max);
  return merged;
}

function join<T>(a: Readonly<Record<string, T>> = {}, b: Readonly<Record<string, T>> = {}, choose: (a: T, b: T) => T): Record<string, T> {
  const joined: Record<string, T> = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const known = joined[key];
    joined[key] = known === undefined ? value : choose(known, value);
  }
  return joined;
}

function storageError(error: unknown): DrydockError {
  const full = error instanceof Error && error.name === 'QuotaExceededError';
  return new DrydockError(full ? 'storage-full' : 'storage-unavailable', { reason: reasonOf(error) }, { cause: error });
}
