/**
 * Plays every exercise on the real machine: nothing passes at the start, each solution passes its task, each wrong state is
 * told by its own assertion, and the samples in the lessons show what the commands really print.
 *
 * One machine goes through the solutions in order. Before a task is solved, the machine is saved, and each wrong way to do
 * the task is tried on a copy of its own.
 *
 * All of them take longer than a run of the tests may. So a run plays those that have changed since they were played last
 * (docs/exercises-played.json; not endlessly many), and a few others, other ones each day; `npm run lesson:check` plays them all.
 * The first two lessons on containers are played in the browser by every run (tests/e2e/lesson.en.spec.ts).
 * `DRYDOCK_EXERCISES=first-container,web` plays those: lesson:check sets it.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateTask } from '../../src/checkers/evaluate.ts';
import { History } from '../../src/checkers/history.ts';
import { Look } from '../../src/checkers/look.ts';
import type { Exercise, WrongState } from '../../src/checkers/schema.ts';
import { publishedStart } from '../../src/site/lib/published.ts';
import { loadLessons, type Lesson, type Sample } from './lessons.ts';
import { startMachine, type TestMachine } from './machine.ts';
import { described, doneAtStart, notAsShown, notSolved, notTold, orTell, startFailure } from '../../scripts/lib/exercise-failures.ts';
import { chooseExercises, readPlayed, shareOf, waitingWarning } from '../../scripts/lib/played-exercises.ts';
import { Player } from './player.ts';
import { surroundingsOf } from './surroundings.ts';
import { today } from './today.ts';

/** Longer than the tracker needs for a second thought (`settle` in src/checkers/tracker.ts). */
const secondThoughtMilliseconds = 4000;

const chosen = process.env['DRYDOCK_EXERCISES']?.split(',');
const all = await loadLessons();
const played = await readPlayed();
const exercises = chosen === undefined ? exercisesOfToday() : all.filter(({ exercise }) => chosen.includes(exercise.id));

function exercisesOfToday(): Lesson[] {
  const choice = chooseExercises(all, played, today);
  const warning = waitingWarning(choice);
  if (warning !== '') console.warn(warning);
  return choice.play;
}

/** Declares the tests of a share of the exercises: files run side by side, as many as there are cores. */
export function playExercises(share: number, shares: number): void {
  const mine = shareOf(exercises, played, share, shares);
  // A file without a test counts as a failure; with few chosen exercises one share may have none.
  if (mine.length === 0) it('has no exercise of its own', () => expect(exercises.length).toBeLessThan(shares));
  playEach(mine);
}

/** Whether the first look of a task asks the engine of a host that has none yet. */
function beginsWithEngine({ host }: Exercise, { assertions: [first] }: Exercise['tasks'][number]): boolean {
  return host !== 'machine' && first?.look !== 'command' && first?.look !== 'file';
}

function playEach(lessons: readonly Lesson[]): void {
  describe.each(lessons.map((lesson) => [lesson.exercise.id, lesson] as const))('%s', (_, lesson) => {
    const { exercise, samples } = lesson;
    let machine: TestMachine;
    let player: Player;
    /** The machine before the task that is up, once a wrong state needed it. */
    let saved: ArrayBuffer | undefined;

    beforeAll(async () => {
      // As in the lab: with the start made where the image has it, else made now.
      const start = await publishedStart(exercise);
      machine = await startMachine({ ...surroundingsOf(exercise, (access) => player?.heard(access)), start });
      await orTell(startFailure(lesson), async () => {
        player = await (start ? Player.start(machine, exercise, []) : Player.prepare(machine, exercise));
      });
    });
    afterAll(async () => {
      player?.end();
      await machine?.stop();
    });

    it('has no task done at the start', async () => {
      for (const [index, task] of exercise.tasks.entries()) {
        await orTell(doneAtStart(lesson, index), async () => {
          const state = player.state(task.id);
          expect(state.kind, described(state)).toMatch(/^(open|waiting)$/);
          const look = new Look(machine.engine, machine.agent, new History(), new AbortController().signal);
          expect(await evaluateTask(task, look), 'what its assertions say').toMatchObject({ kind: beginsWithEngine(exercise, task) ? 'error' : 'fail' });
        });
      }
    });

    async function tryWrong(wrong: WrongState, done: readonly string[]): Promise<void> {
      saved ??= await machine.freeze();
      let learner: Player | undefined;
      const copy = await startMachine({ ...surroundingsOf(exercise, (access) => learner?.heard(access)), state: saved });
      try {
        learner = await Player.start(copy, exercise, done);
        await learner.type(wrong.run);
        // What is said while the command still runs is another matter: a container that will end is first in the foreground.
        const said = learner.complaints(wrong.task).length;
        await learner.until(wrong.task, (state) => state.kind === 'done' || (state.kind === 'wrong' && state.assertion === wrong.assertion));
        await new Promise((resolve) => setTimeout(resolve, secondThoughtMilliseconds));
        const state = learner.state(wrong.task);
        expect(state, `after “run”, ${described(state)}`).toMatchObject({ kind: 'wrong', assertion: wrong.assertion });
        expect(learner.complaints(wrong.task).slice(said).filter((assertion) => assertion !== wrong.assertion), 'other assertions that the learner was told of').toEqual([]);
        learner.end();
      } finally {
        await copy.stop();
      }
    }

    /** Types a command of the lesson and compares. */
    const compare = (sample: Sample): Promise<void> =>
      orTell(notAsShown(sample), async () => {
        const printed = await player.terminal.run(sample.command);
        expect(printed, `It printed:\n${printed}\n\nThe lesson shows:\n${sample.output}\n`).toBe(sample.output);
      });

    async function goOn(): Promise<void> {
      if (saved === undefined) return;
      saved = undefined;
      await machine.resume();
      player.lookAgain();
    }

    exercise.tasks.forEach((task, index) => {
      const done = exercise.tasks.slice(0, index).map(({ id }) => id);

      for (const wrong of exercise.wrong.filter((candidate) => candidate.task === task.id)) {
        it(`${task.id}: tells of the wrong state ${wrong.id} by ${wrong.assertion}`, () => orTell(notTold(lesson, wrong), () => tryWrong(wrong, done)));
      }

      for (const sample of samples.filter(({ before }) => before === task.id)) {
        it(`${task.id}: the lesson shows what “${sample.command}” prints`, async () => {
          await goOn();
          await compare(sample);
        });
      }

      it(`${task.id}: is done by its solution`, async () => {
        await goOn();
        await orTell(notSolved(lesson, index), async () => {
          expect(player.state(task.id).kind, 'it was done before its solution was typed').not.toBe('done');
          await player.type(task.solution.commands);
          await player.until(task.id, (state) => state.kind === 'done');
        });
      });
    });

    for (const sample of samples.filter(({ before }) => before === undefined)) {
      it(`at the end the lesson shows what “${sample.command}” prints`, () => compare(sample));
    }
  });
}
