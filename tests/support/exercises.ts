/**
 * Plays every exercise on the real machine: nothing passes at the start, each solution passes its task, each wrong state is
 * told by its own assertion, and the samples in the lessons show what the commands really print.
 *
 * One machine goes through the solutions in order. Before a task is solved, the machine is saved, and each wrong way to do
 * the task is tried on a copy of its own.
 *
 * All of them take longer than a run of the tests may. So a run plays the first lesson, some that have changed since they were
 * played last (docs/exercises-played.json), and a few others, other ones each day; `npm run lesson:check` plays them all.
 * `DRYDOCK_EXERCISES=first-container,web` plays those: lesson:check sets it.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateTask } from '../../src/checkers/evaluate.ts';
import { History, type SeenRequest } from '../../src/checkers/history.ts';
import { Look } from '../../src/checkers/look.ts';
import type { Exercise, WrongState } from '../../src/checkers/schema.ts';
import { publishedStart } from '../../src/site/lib/published.ts';
import { loadLessons, type Lesson } from './lessons.ts';
import { installationHosts } from './installation-hosts.ts';
import { startMachine, type StartOptions, type TestMachine } from './machine.ts';
import { identityOf, readPlayed, type Played } from '../../scripts/lib/played-exercises.ts';
import { Player } from './player.ts';
import { publishedRegistry, readRegistryIndex } from './registry.ts';

/** Longer than the tracker needs for a second thought (`settle` in src/checkers/tracker.ts). */
const secondThoughtMilliseconds = 4000;

/** Exercises beside the first lesson's: those that have changed, then others. */
const sampleSize = 3;

const chosen = process.env['DRYDOCK_EXERCISES']?.split(',');
const all = await loadLessons();
const registryIndex = await readRegistryIndex();
const exercises = chosen === undefined ? sampleOf(all, await readPlayed()) : all.filter(({ exercise }) => chosen.includes(exercise.id));

function sampleOf(lessons: readonly Lesson[], played: Played): Lesson[] {
  const first = lessons.filter(({ exercise }) => exercise.id === 'first-container');
  const rest = lessons.filter((lesson) => !first.includes(lesson));
  const changed = rest.filter((lesson) => played[lesson.exercise.id]?.of !== identityOf(lesson));
  const others = rest.filter((lesson) => !changed.includes(lesson));
  const waiting = changed.slice(sampleSize).map(({ exercise }) => exercise.id);
  if (waiting.length > 0) console.warn(`${changed.length} exercises have changed since they were played last. Not played now: ${waiting.join(', ')}. Play them with: npm run lesson:check -- ${waiting.join(' ')}`);
  const day = Math.floor(Date.now() / 86_400_000);
  const rotating = others.map((_, index) => others[(day * sampleSize + index) % others.length]).filter((lesson) => lesson !== undefined);
  return [...first, ...[...changed, ...rotating].slice(0, sampleSize)];
}

/** Declares the tests of a share of the exercises: files run side by side, as many as there are cores. */
export function playExercises(share: number, shares: number): void {
  const mine = exercises.filter((_, index) => index % shares === share);
  // A file without a test counts as a failure; with few chosen exercises one share may have none.
  if (mine.length === 0) it('has no exercise of its own', () => expect(exercises.length).toBeLessThan(shares));
  playEach(mine);
}

/** Whether the first look of a task asks the engine of a host that has none yet. */
function beginsWithEngine({ host }: Exercise, { assertions: [first] }: Exercise['tasks'][number]): boolean {
  return host !== 'machine' && first?.look !== 'command' && first?.look !== 'file';
}

/** What is around a machine: registries, of whose requests its learner is told as in the lab; around a host package repositories too. */
function surroundingsOf({ host }: Exercise, learner: () => Player | undefined): StartOptions {
  const onAccess = (access: SeenRequest): void => learner()?.heard(access);
  return { host, hosts: host === 'machine' ? publishedRegistry({ index: registryIndex, onAccess }) : installationHosts(onAccess) };
}

function playEach(lessons: readonly Lesson[]): void {
  describe.each(lessons.map((lesson) => [lesson.exercise.id, lesson] as const))('%s', (_, { exercise, samples }) => {
    let machine: TestMachine;
    let player: Player;
    /** The machine before the task that is up, once a wrong state needed it. */
    let saved: ArrayBuffer | undefined;

    beforeAll(async () => {
      // As in the lab: with the start made where the image has it, else made now.
      const start = await publishedStart(exercise);
      machine = await startMachine({ ...surroundingsOf(exercise, () => player), start });
      player = await (start ? Player.start(machine, exercise, []) : Player.prepare(machine, exercise));
    });
    afterAll(async () => {
      player?.end();
      await machine?.stop();
    });

    it('has no task done at the start', async () => {
      for (const task of exercise.tasks) {
        expect(player.state(task.id).kind, task.id).toMatch(/^(open|waiting)$/);
        const look = new Look(machine.engine, machine.agent, new History(), new AbortController().signal);
        expect(await evaluateTask(task, look), task.id).toMatchObject({ kind: beginsWithEngine(exercise, task) ? 'error' : 'fail' });
      }
    });

    async function tryWrong(wrong: WrongState, done: readonly string[]): Promise<void> {
      saved ??= await machine.freeze();
      let learner: Player | undefined;
      const copy = await startMachine({ ...surroundingsOf(exercise, () => learner), state: saved });
      try {
        learner = await Player.start(copy, exercise, done);
        await learner.type(wrong.run);
        // What is said while the command still runs is another matter: a container that will end is first in the foreground.
        const said = learner.complaints(wrong.task).length;
        await learner.until(wrong.task, (state) => state.kind === 'done' || (state.kind === 'wrong' && state.assertion === wrong.assertion));
        await new Promise((resolve) => setTimeout(resolve, secondThoughtMilliseconds));
        expect(learner.state(wrong.task)).toMatchObject({ kind: 'wrong', assertion: wrong.assertion });
        expect(learner.complaints(wrong.task).slice(said).filter((assertion) => assertion !== wrong.assertion)).toEqual([]);
        learner.end();
      } finally {
        await copy.stop();
      }
    }

    async function goOn(): Promise<void> {
      if (saved === undefined) return;
      saved = undefined;
      await machine.resume();
      player.lookAgain();
    }

    exercise.tasks.forEach((task, index) => {
      const done = exercise.tasks.slice(0, index).map(({ id }) => id);

      for (const wrong of exercise.wrong.filter((candidate) => candidate.task === task.id)) {
        it(`${task.id}: tells of the wrong state ${wrong.id} by ${wrong.assertion}`, () => tryWrong(wrong, done));
      }

      for (const sample of samples.filter(({ before }) => before === task.id)) {
        it(`${task.id}: the lesson shows what “${sample.command}” prints`, async () => {
          await goOn();
          expect(await player.terminal.run(sample.command)).toBe(sample.output);
        });
      }

      it(`${task.id}: is done by its solution`, async () => {
        await goOn();
        expect(player.state(task.id).kind).not.toBe('done');
        await player.type(task.solution.commands);
        await player.until(task.id, (state) => state.kind === 'done');
      });
    });

    for (const sample of samples.filter(({ before }) => before === undefined)) {
      it(`at the end the lesson shows what “${sample.command}” prints`, async () => {
        expect(await player.terminal.run(sample.command)).toBe(sample.output);
      });
    }
  });
}
