/**
 * What the learner has done, kept in the browser.
 *
 * Stored data may be missing, written by an older version, cut off or edited by hand; the lesson must go on in each case.
 */
import { z } from 'zod';
import { DrydockError, reasonOf } from '../shared/errors.ts';
import { idSchema } from './assertions.ts';

/** Where progress is kept; `localStorage` fits. Each may throw. */
export interface KeyValueStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

const progressSchema = z.strictObject({
  version: z.literal(1),
  done: z.record(idSchema, z.iso.datetime()).describe('When each task was done first, by task id'),
  hints: z.record(idSchema, z.int().nonnegative()).describe('How many hints were opened, by task id'),
});

/** Progress in one lesson. */
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

  #putAside(lesson: string, text: string): void {
    try {
      this.#store.setItem(prefix + lesson + asideSuffix, text);
      this.#store.removeItem(prefix + lesson);
    } catch {
      // The warning about the data itself is given either way.
    }
  }
}

function emptyProgress(): LessonProgress {
  return { version: 1, done: {}, hints: {} };
}

function storageError(error: unknown): DrydockError {
  const full = error instanceof Error && error.name === 'QuotaExceededError';
  return new DrydockError(full ? 'storage-full' : 'storage-unavailable', { reason: reasonOf(error) }, { cause: error });
}
