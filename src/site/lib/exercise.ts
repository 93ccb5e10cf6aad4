/** The exercises, read and checked when the site is built: a mistake in one stops the build and names its line. */
import { getCollection } from 'astro:content';
import { type ExerciseContext, loadExercise } from '../../checkers/load-exercise.ts';
import type { Exercise } from '../../checkers/schema.ts';
import { siteCourse } from './site-course.ts';

const texts = import.meta.glob<string>('/content/exercises/*/exercise.yaml', { query: '?raw', import: 'default' });
const loaded = new Map<string, Promise<Exercise>>();

/** The exercise of a lesson, with what it takes over from its module and the course. Fails with `exercise-missing` or `exercise-invalid`. */
export function exerciseFor(id: string): Promise<Exercise> {
  const known = loaded.get(id);
  // While authors edit, every page view reads the file again.
  if (known && !import.meta.env.DEV) return known;
  const exercise = context().then((around) => loadExercise(`/content/exercises/${id}/exercise.yaml`, read, around));
  loaded.set(id, exercise);
  return exercise;
}

async function read(file: string): Promise<string> {
  const text = texts[file];
  if (!text) throw new Error(`there is no such file; known are: ${Object.keys(texts).join(', ') || 'none'}`);
  return text();
}

async function context(): Promise<ExerciseContext> {
  const pages = (await getCollection('docs')) as { id: string; data: { exercise?: string } }[];
  return { course: siteCourse, lessons: pages.map(({ id, data }) => ({ slug: id.slice(id.indexOf('/') + 1), exercise: data.exercise })) };
}
