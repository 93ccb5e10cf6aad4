/** Walks through the lessons named on the command line by their slugs; `npm run lesson:walk` runs this with V8 set as in the tests. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { readExercises } from '../../src/checkers/node/exercises.ts';
import { readLessons } from '../../src/site/lib/lesson-files.ts';
import { walkThrough } from './walk.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'test-results/walks');

const exercises = new Map((await readExercises(root)).map((exercise) => [exercise.id, exercise]));
const { lessons } = await readLessons(root);
await mkdir(folder, { recursive: true });
for (const slug of process.argv.slice(2)) {
  const lesson = lessons.find((candidate) => candidate.slug === slug);
  const exercise = exercises.get(lesson?.exercise ?? '');
  if (exercise === undefined || lesson?.texts.en === undefined) throw new Error(`there is no lesson ${slug} with an exercise`);
  const started = Date.now();
  const file = join(folder, `${slug.replace('/', '-')}.txt`);
  try {
    const { transcript, noticed } = await walkThrough(exercise, lesson.texts.en);
    await writeFile(file, transcript);
    console.log(`${slug}: ${Math.round((Date.now() - started) / 1000)} s, ${relative(root, file)}`);
    for (const line of noticed) console.log(`    content/en/${slug}.mdx, ${line}`);
  } catch (error) {
    process.exitCode = 1;
    console.error(`${slug}: could not be walked through to the end: ${error instanceof Error ? error.message : String(error)}`);
  }
}
