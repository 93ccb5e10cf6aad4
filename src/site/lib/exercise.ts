/** The exercises, read and checked when the site is built: a mistake in one stops the build and names its line. */
import { loadExercise } from '../../checkers/load-exercise.ts';
import type { Exercise } from '../../checkers/schema.ts';

const texts = import.meta.glob<string>('/content/exercises/*/exercise.yaml', { query: '?raw', import: 'default' });
const loaded = new Map<string, Promise<Exercise>>();

/** The exercise of a lesson. Fails with `exercise-missing` or `exercise-invalid`. */
export function exerciseFor(id: string): Promise<Exercise> {
  const known = loaded.get(id);
  // While authors edit, every page view reads the file again.
  if (known && !import.meta.env.DEV) return known;
  const exercise = loadExercise(`/content/exercises/${id}/exercise.yaml`, async (file) => {
    const read = texts[file];
    if (!read) throw new Error(`there is no such file; known are: ${Object.keys(texts).join(', ') || 'none'}`);
    return read();
  });
  loaded.set(id, exercise);
  return exercise;
}
