/**
 * What an author is told when the engine does not do what an exercise or a lesson says: file and line, what happened, and what
 * to do. The assertion behind it alone would name neither.
 */
import { reasonOf } from '../../src/shared/errors.ts';
import type { Exercise } from '../../src/checkers/schema.ts';
import type { TaskState } from '../../src/checkers/tracker.ts';
import type { Lesson, Sample } from '../../tests/support/lessons.ts';

export interface Failure {
  /** File and line. */
  where: string;
  what: string;
  /** To the author. */
  advice: string;
}

/** Plays, and adds to whatever goes wrong where it comes from. */
export async function orTell(failure: Failure, play: () => Promise<void>): Promise<void> {
  try {
    await play();
  } catch (error) {
    throw new Error(`${failure.where}: ${failure.what}\n\n${reasonOf(error)}\n\nWhat to do: ${failure.advice}`, { cause: error });
  }
}

/** Of an exercise whose start cannot be made. */
export function startFailure(lesson: Lesson): Failure {
  return { where: place(lesson, ['start']), what: 'the start could not be made on the engine', advice: `correct “start”: each of its commands must succeed, typed in this order on a fresh machine.` };
}

/** Of a task that is done before anything was typed, or cannot be looked at. */
export function doneAtStart(lesson: Lesson, index: number): Failure {
  return {
    where: place(lesson, ['tasks', index]),
    what: `task “${lesson.exercise.tasks[index]?.id}” must be open at the start, and its assertions must fail there`,
    advice: 'let an assertion look at something that only the learner’s work brings about, or correct “start”.',
  };
}

/** Of a task that its own solution does not do. */
export function notSolved(lesson: Lesson, index: number): Failure {
  return {
    where: place(lesson, ['tasks', index, 'solution']),
    what: `task “${lesson.exercise.tasks[index]?.id}” is not done by its solution`,
    advice: 'the state that the task showed last names the assertion that fails: correct that, or the commands of the solution. The end of the terminal shows whether one of them failed.',
  };
}

/** Of a mistake that the learner is told wrongly of, or not at all. */
export function notTold(lesson: Lesson, wrong: Exercise['wrong'][number]): Failure {
  return {
    where: place(lesson, ['wrong', lesson.exercise.wrong.indexOf(wrong)]),
    what: `wrong state “${wrong.id}” must make task “${wrong.task}” fail by “${wrong.assertion}”, and by no other`,
    advice: 'the assertion that fails first gives the reason: correct “assertion” or “run”, or the order of the task’s assertions and their mistakes.',
  };
}

/** Of output in a lesson that is not what the engine prints. */
export function notAsShown(sample: Sample): Failure {
  return {
    where: `content/${sample.lesson}:${sample.line}`,
    what: `the lesson shows something else than “${sample.command}” prints ${sample.before === undefined ? 'at the end' : `before task “${sample.before}” is done`}`,
    advice: 'put what it prints into the block, in every language. What differs from run to run (ids, times, addresses) belongs into no console block: show the command as a block sh, and describe the output.',
  };
}

/** A task's state in a sentence. */
export function described(state: TaskState): string {
  switch (state.kind) {
    case 'wrong':
      return `it is wrong by “${state.assertion}”: ${state.reason.en}`;
    case 'open':
      return `it is open by “${state.assertion}”: ${state.reason.en}`;
    case 'error':
      return `it could not be looked at: ${reasonOf(state.error)}`;
    case 'waiting':
      return `it waits for ${state.needs.join(', ')}`;
    case 'done':
      return 'it is done';
    case 'unknown':
      return 'it was not looked at';
  }
}

function place({ file, lineOf }: Lesson, path: readonly PropertyKey[]): string {
  return `${file}:${lineOf(path)}`;
}
