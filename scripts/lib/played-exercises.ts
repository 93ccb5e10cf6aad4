/**
 * The record of what was played last with success: `docs/exercises-played.json`, written by `npm run lesson:check`. A run of
 * the tests plays again what has changed since.
 */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
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

/** Exercises that every run of the tests plays beside the first lesson's and the changed ones, other ones each day. */
const rotatingExercises = 3;
/** Changed exercises that a run of the tests plays at most: each takes a minute or two, all of them an hour and a half. */
const mostChanged = 8;

export interface Choice {
  play: Lesson[];
  /** Changed too, but one too many for a run. */
  waiting: Lesson[];
}

/** What a run of the tests plays. @param day any count of days */
export function chooseExercises(lessons: readonly Lesson[], played: Played, day: number): Choice {
  const first = lessons.filter(({ exercise }) => exercise.id === 'first-container');
  const rest = lessons.filter((lesson) => !first.includes(lesson));
  const changed = rest.filter((lesson) => played[lesson.exercise.id]?.of !== identityOf(lesson));
  const others = rest.filter((lesson) => !changed.includes(lesson));
  const rotating = others.map((_, index) => others[(day * rotatingExercises + index) % others.length]).filter((lesson) => lesson !== undefined);
  return { play: [...first, ...changed.slice(0, mostChanged), ...rotating.slice(0, rotatingExercises)], waiting: changed.slice(mostChanged) };
}

/** Said where some have to wait; empty if none has. */
export function waitingWarning({ play, waiting }: Choice): string {
  if (waiting.length === 0) return '';
  const ids = waiting.map(({ exercise }) => exercise.id);
  const rule = '!'.repeat(100);
  return `${rule}\n${ids.length + mostChanged} exercises have changed since they were played last, more than the ${mostChanged} that a run of the tests plays.\nNOT PLAYED NOW: ${ids.join(', ')}\nPlay them, and commit what is noted: npm run lesson:check -- ${ids.join(' ')}\n(Played now: ${play.map(({ exercise }) => exercise.id).join(', ')})\n${rule}`;
}

/** One line an exercise, by name, so that a change of one is a change of a line. */
export async function writePlayed(played: Played): Promise<void> {
  const lines = Object.entries(playedSchema.parse(played)).sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, one]) => `  ${JSON.stringify(id)}: ${JSON.stringify(one)}`);
  await writeFile(playedFile, `{\n${lines.join(',\n')}\n}\n`);
}

/** The same for equal exercises with equal samples only. */
export function identityOf({ exercise, samples }: Lesson): string {
  const shown = samples.map(({ command, output, before }) => ({ command, output, before }));
  return createHash('sha256').update(JSON.stringify([exercise, shown])).digest('hex').slice(0, 32);
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
