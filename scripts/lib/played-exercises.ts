/**
 * The record of what was played last with success: `docs/exercises-played.json`, written by `npm run lesson:check`. A run of
 * the tests plays again what has changed since.
 */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { locales, localizedSchema, templateNames } from '../../src/shared/locale.ts';
import type { Lesson } from '../../tests/support/lessons.ts';
import { vitestReport } from './test-reports.ts';

export const playedFile = join(import.meta.dirname, '../../docs/exercises-played.json');

const playedSchema = z.record(
  z.string().describe('Exercise'),
  z.strictObject({
    of: z.string().describe('Identity of exercise and samples as they were played'),
    image: z.string().describe('Id of the machine image'),
    date: z.iso.date(),
    tests: z.int().positive().describe('Solutions, wrong states and samples, and the start'),
    seconds: z.int().nonnegative().describe('With another machine beside it'),
  }),
);

export type Played = z.infer<typeof playedSchema>;

export async function readPlayed(): Promise<Played> {
  return playedSchema.parse(JSON.parse(await readFile(playedFile, 'utf8')));
}

/**
 * What a run of the tests spends on exercises, in the seconds that they are noted with: on what has changed, and on a sample of
 * the rest. All of them take some five hours of a core, and a run of all tests shall stay far below an hour on two. Unchanged ones
 * that take longer than `longest` are left to `lesson:check`: a run that meets one would take a quarter longer than the others.
 */
const budgetSeconds = { changed: 900, sample: 300, longest: 600 } as const;
/** What a solution, a wrong state or a sample of the text takes where nothing is noted yet: about the mean of those that are. */
const secondsPerTest = 25;

export interface Choice {
  play: Lesson[];
  /** Changed too, but more than a run has time for. */
  waiting: Lesson[];
}

/** What a run of the tests plays: what has changed, as far as there is time, and some others, other ones each day. @param day any count of days */
export function chooseExercises(lessons: readonly Lesson[], played: Played, day: number): Choice {
  const changed = lessons.filter((lesson) => played[lesson.exercise.id]?.of !== identityOf(lesson));
  const cost = (lesson: Lesson): number => costOf(lesson, played);
  const others = lessons.filter((lesson) => !changed.includes(lesson) && cost(lesson) <= budgetSeconds.longest);
  const [now = [], ...later] = partsWithin(changed, budgetSeconds.changed, cost);
  const samples = partsWithin(others, budgetSeconds.sample, cost);
  return { play: [...now, ...(samples[day % samples.length] ?? [])], waiting: later.flat() };
}

/** In seconds, with another machine beside it. */
function costOf({ exercise, samples }: Lesson, played: Played): number {
  return played[exercise.id]?.seconds ?? (exercise.tasks.length + exercise.wrong.length + samples.length) * secondsPerTest;
}

/** Cuts a list into parts that cost no more than the budget each, or are a single entry that costs more. */
function partsWithin(lessons: readonly Lesson[], budget: number, cost: (lesson: Lesson) => number): Lesson[][] {
  const parts: Lesson[][] = [];
  let left = 0;
  for (const lesson of lessons) {
    const last = parts.at(-1);
    if (last === undefined || cost(lesson) > left) {
      parts.push([lesson]);
      left = budget - cost(lesson);
    } else {
      last.push(lesson);
      left -= cost(lesson);
    }
  }
  return parts;
}

/** Divides exercises among files that run side by side, so that they end at about the same time. */
export function shareOf(lessons: readonly Lesson[], played: Played, share: number, shares: number): Lesson[] {
  const all = Array.from({ length: shares }, () => ({ lessons: [] as Lesson[], seconds: 0 }));
  for (const lesson of [...lessons].sort((a, b) => costOf(b, played) - costOf(a, played))) {
    const least = all.reduce((best, one) => (one.seconds < best.seconds ? one : best));
    least.lessons.push(lesson);
    least.seconds += costOf(lesson, played);
  }
  return all[share]?.lessons ?? [];
}

/** Said where some have to wait; empty if none has. */
export function waitingWarning({ play, waiting }: Choice): string {
  if (waiting.length === 0) return '';
  const ids = waiting.map(({ exercise }) => exercise.id);
  const rule = '!'.repeat(100);
  return `${rule}\nMore exercises have changed since they were played last than a run of the tests has time for.\nNOT PLAYED NOW: ${ids.join(', ')}\nPlay them, and commit what is noted: npm run lesson:check -- ${ids.join(' ')}\n(Played now: ${play.map(({ exercise }) => exercise.id).join(', ')})\n${rule}`;
}

/** One line an exercise, by name, so that a change of one is a change of a line. */
export async function writePlayed(played: Played): Promise<void> {
  const lines = Object.entries(playedSchema.parse(played)).sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, one]) => `  ${JSON.stringify(id)}: ${JSON.stringify(one)}`);
  await writeFile(playedFile, `{\n${lines.join(',\n')}\n}\n`);
}

/**
 * The same for exercises and samples that do the same on the engine. What the learner reads (titles, hints, reasons) counts
 * only by the values it asks for: a reworded sentence, in whichever language, has nothing to be played again.
 */
export function identityOf({ exercise, samples }: Lesson): string {
  const shown = samples.map(({ command, output, before }) => ({ command, output, before }));
  return createHash('sha256').update(JSON.stringify([exercise, shown], withoutWords)).digest('hex').slice(0, 32);
}

function withoutWords(_key: string, value: unknown): unknown {
  const { success, data } = localizedSchema.safeParse(value);
  return success ? locales.map((locale) => templateNames(data[locale])) : value;
}

/**
 * What a report of vitest says of the exercises that were to be played: those that passed are noted, those that failed lose their note.
 *
 * @param report of the reporter "json", in which an exercise's tests have its id as their first group
 */
export function notePlayed(before: Played, report: unknown, lessons: readonly Lesson[], run: { image: string; date: string }): Played {
  const tests = vitestReport.parse(report).testResults.flatMap(({ assertionResults }) => assertionResults);
  const after = { ...before };
  for (const lesson of lessons) {
    const { id } = lesson.exercise;
    const own = tests.filter(({ ancestorTitles }) => ancestorTitles[0] === id);
    delete after[id];
    if (own.length === 0 || own.some(({ status }) => status !== 'passed')) continue;
    const milliseconds = own.reduce((sum, { duration }) => sum + (duration ?? 0), 0);
    after[id] = { of: identityOf(lesson), ...run, tests: own.length, seconds: Math.round(milliseconds / 1000) };
  }
  return after;
}
