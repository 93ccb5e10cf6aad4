/** Reads the exercises of a checkout, for the builder of starts and for tests that play them. */
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { splitFrontmatter } from '../../shared/frontmatter.ts';
import { courseFile, parseCourse } from '../course.ts';
import { type ExerciseContext, loadExercise } from '../load-exercise.ts';
import type { Exercise } from '../schema.ts';

/** Every exercise, by name. */
export async function readExercises(root: string): Promise<Exercise[]> {
  const read = (file: string): Promise<string> => readFile(join(root, file), 'utf8');
  const context = { course: parseCourse(await read(courseFile)), lessons: await namedExercises(root, read) };
  const files = await sorted(glob('content/exercises/*/exercise.yaml', { cwd: root }));
  return Promise.all(files.map((file) => loadExercise(file, read, context)));
}

async function namedExercises(root: string, read: (file: string) => Promise<string>): Promise<ExerciseContext['lessons']> {
  const files = await sorted(glob('content/*/*/*.mdx', { cwd: root }));
  return Promise.all(files.map(async (file) => {
    const { exercise } = splitFrontmatter(await read(file)).frontmatter;
    return { slug: file.split('/').slice(2).join('/').replace(/\.mdx$/, ''), exercise: typeof exercise === 'string' ? exercise : undefined };
  }));
}

async function sorted(found: AsyncIterable<string>): Promise<string[]> {
  const files: string[] = [];
  for await (const file of found) files.push(file.replaceAll('\\', '/'));
  return files.sort();
}
