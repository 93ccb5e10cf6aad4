/**
 * `npm run lesson:check [-- <lesson> ...] [--text] [--as-is] [--reasons]`: everything that can be found wrong with lessons. First the
 * texts: schema, both languages, tasks, links, names of commands. Then each exercise on the real engine: the start does
 * not pass, each solution does, each wrong state fails with its reason, and samples show what the engine prints.
 *
 * What passes is noted in docs/exercises-played.json, so that `npm test` plays what has changed since.
 *
 * A lesson is named `<module>/<name>`, or by its name alone, or by its module for all of them. `--text` leaves the engine
 * out; `--as-is` takes the machine image as it was built last; `--reasons` names the reasons that no wrong state proves.
 */
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { loadExercise } from '../../src/checkers/load-exercise.ts';
import { manifestFile } from '../../src/shared/hosts.ts';
import { checkLessonFiles, checkSharedFiles, problemLine, readLessons, type LessonFiles } from '../../src/site/lib/lesson-files.ts';
import { publishedImageId } from '../../src/site/lib/published.ts';
import { loadLessons } from '../../tests/support/lessons.ts';
import { readArguments } from '../lib/arguments.ts';
import { notePlayed, playedFile, readPlayed, writePlayed } from '../lib/played-exercises.ts';
import { ensureImage } from '../lib/image.ts';
import { lessonsNamed } from '../lib/named-lessons.ts';
import { main, root, runPackage, SetupError } from '../lib/run.ts';
import { reasonsOf } from '../lib/unproven-reasons.ts';

main(async () => {
  const { names, options } = readArguments(process.argv.slice(2), { '--text': 'leave the engine out', '--as-is': 'do not look whether the machine image is up to date', '--reasons': 'name the reasons that no wrong state proves' });

  const files = await readLessons(root);
  const lessons = names.length === 0 ? files.lessons : names.flatMap((name) => lessonsNamed(files, name));
  const errors = await checkTexts(files, lessons, names.length === 0);
  if (errors > 0) {
    console.error(`\n${count(errors, 'error')} in the texts. Mend them first: the engine was not started.`);
    process.exitCode = 1;
    return;
  }
  console.log(`the texts of ${count(lessons.length, 'lesson')} are in order`);
  const exercises = [...new Set(lessons.flatMap(({ exercise }) => exercise ?? []))];
  await tellReasons(exercises, files, options.has('--reasons'));
  if (options.has('--text')) return;
  if (exercises.length === 0) {
    console.log('they have no exercises, so there is nothing to try on the engine');
    return;
  }
  if (!options.has('--as-is') || !existsSync(join(root, 'public/vm/manifest.json'))) await ensureImage();
  const report = join(root, 'test-results/exercises.json');
  await rm(report, { force: true });
  process.exitCode = await runPackage('vitest/vitest.mjs', ['run', '--project', 'integration', '--reporter=verbose', '--reporter=json', `--outputFile.json=${report}`, 'tests/integration/exercises-'], { env: { DRYDOCK_EXERCISES: exercises.join(',') } });
  await note(report, exercises);
});

/** Writes down what passed, and strikes out what did not. */
async function note(report: string, exercises: readonly string[]): Promise<void> {
  const image = await publishedImageId(manifestFile('machine'));
  const text = await readFile(report, 'utf8').catch(() => undefined);
  if (image === undefined || text === undefined) throw new SetupError('the exercises were not played to the end; the lines above say why. Nothing was noted; run the same command again.');
  const lessons = (await loadLessons()).filter(({ exercise }) => exercises.includes(exercise.id));
  const played = notePlayed(await readPlayed(), JSON.parse(text), lessons, { image, date: new Date().toISOString().slice(0, 10) });
  await writePlayed(played);
  const passed = exercises.filter((id) => id in played);
  console.log(`${passed.length} of ${count(exercises.length, 'exercise')} passed; noted in ${relative(root, playedFile)}`);
}

/** Prints every problem. @returns how many of them are errors */
async function checkTexts(files: LessonFiles, lessons: LessonFiles['lessons'], all: boolean): Promise<number> {
  let errors = 0;
  const ours = (line: string): boolean => all || lessons.some(({ slug }) => line.includes(slug));
  for (const line of files.errors.filter(ours)) {
    console.error(`error   ${line}`);
    errors += 1;
  }
  const problems = all ? await checkSharedFiles(root, files) : [];
  for (const lesson of lessons) problems.push(...(await checkLessonFiles(root, lesson, files)));
  for (const problem of problems) console.error(problemLine(problem));
  return errors + problems.filter(({ severity }) => severity === 'error').length;
}

/** Says how many reasons no wrong state proves; such a reason may be wrong, or never be told, and nobody would notice. */
async function tellReasons(exercises: readonly string[], files: LessonFiles, named: boolean): Promise<void> {
  const counts = { total: 0, unproven: 0 };
  for (const id of exercises) {
    const { total, unproven } = reasonsOf(await loadExercise(`content/exercises/${id}/exercise.yaml`, (file) => readFile(join(root, file), 'utf8'), files));
    counts.total += total;
    counts.unproven += unproven.length;
    if (named && unproven.length > 0) console.log(`  ${id}: no wrong state proves ${unproven.join(', ')}`);
  }
  if (counts.unproven === 0) return;
  console.log(`${counts.unproven} of ${count(counts.total, 'reason')} that a learner may be told, no wrong state proves${named ? '' : '; --reasons names them'}`);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
