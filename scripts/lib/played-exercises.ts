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
