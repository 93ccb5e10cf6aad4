/** How a task is shown. */
import type { Localized } from '../../shared/locale.ts';

export type TaskStatus =
  | { kind: 'open' }
  | { kind: 'done' }
  /** Something is there, but not what was asked for; the reason says what is wrong. */
  | { kind: 'wrong'; reason: Localized }
  /** It could not be looked at. */
  | { kind: 'error'; error: unknown };

/** The index of the task to go on with: the first that is not done; `undefined` when all are. */
export function nextTask(statuses: readonly TaskStatus[]): number | undefined {
  const index = statuses.findIndex(({ kind }) => kind !== 'done');
  return index === -1 ? undefined : index;
}

export function countDone(statuses: readonly TaskStatus[]): number {
  return statuses.filter(({ kind }) => kind === 'done').length;
}

/** Whether a change is worth saying aloud: a task became done, or there is a new reason why it is not. */
export function isNews(before: TaskStatus | undefined, now: TaskStatus): boolean {
  if (now.kind === 'done') return before !== undefined && before.kind !== 'done';
  if (now.kind !== 'wrong') return false;
  return !(before?.kind === 'wrong' && before.reason.en === now.reason.en);
}
