/**
 * Reads exercise.yaml when the site is built, by the builder of starts, by commands and in tests: a mistake becomes one error that
 * names the file, the line, the field, what is wrong and how to mend it.
 */
import { z } from 'zod';
import { DrydockError, reasonOf } from '../shared/errors.ts';
import { inherit, isObject } from '../shared/inherit.ts';
import { parseYaml } from '../shared/yaml-data.ts';
import { type Course, courseFile } from './course.ts';
import { type Exercise, type ExerciseDefaults, exerciseSchema, inheritedFields } from './schema.ts';

/** What an exercise takes settings over from. */
export interface ExerciseContext {
  course: Course;
  /** Every lesson, with the exercise that its frontmatter names: by that an exercise belongs to a module. */
  lessons: readonly { slug: string; exercise: string | undefined }[];
}

/**
 * Reads and checks the exercise of a folder, with what it takes over from its module and the course.
 * @param file path of exercise.yaml, whose folder must have the exercise's id
 * @param read reads a text file, such as `(path) => readFile(path, 'utf8')` of node:fs/promises
 */
export async function loadExercise(file: string, read: (file: string) => Promise<string>, { course, lessons }: ExerciseContext): Promise<Exercise> {
  let text: string;
  try {
    text = await read(file);
  } catch (error) {
    throw new DrydockError('exercise-missing', { file, reason: reasonOf(error) }, { cause: error });
  }
  const folder = file.split(/[\\/]/).at(-2);
  const named = lessons.filter(({ exercise }) => exercise === folder).map(({ slug }) => slug);
  const modules = course.modules.filter(({ id }) => named.some((slug) => slug.startsWith(`${id}/`)));
  const [first = course, ...others] = modules;
  const exercise = parseExercise(file, text, first.exerciseDefaults);
  for (const other of others) {
    const differing = differences(exercise, parseExercise(file, text, other.exerciseDefaults));
    if (differing.length === 0) continue;
    throw invalid(file, [`line 1, ${differing.join(', ')}: the lessons ${named.join(' and ')} name this exercise, and the defaults of their modules in ${courseFile} differ; write ${differing.join(' and ')} here in full`]);
  }
  if (folder !== undefined && folder !== exercise.id) {
    throw invalid(file, [`id: is “${exercise.id}”, but the folder is “${folder}”; make them equal`]);
  }
  return exercise;
}

/**
 * Checks the text of an exercise.yaml. Raises DD4001 with every problem, one per line.
 * @param defaults what holds where the text says nothing; checked themselves when course.yaml was read
 */
export function parseExercise(file: string, text: string, defaults: ExerciseDefaults = {}): Exercise {
  const whole = z.preprocess((own) => (isObject(own) ? inherit<object>(defaults, own) : own), exerciseSchema);
  const parsed = parseYaml(text, whole, 'assertions');
  if (!parsed.ok) throw invalid(file, parsed.problems);
  return parsed.data;
}

/** Fields that are not the same in both, of those that can be taken over. */
function differences(one: Exercise, other: Exercise): string[] {
  return (Object.keys(inheritedFields) as (keyof typeof inheritedFields)[]).filter((field) => JSON.stringify(one[field]) !== JSON.stringify(other[field]));
}

function invalid(file: string, problems: readonly string[]): DrydockError {
  return new DrydockError('exercise-invalid', { file, problems: problems.join('\n') });
}
