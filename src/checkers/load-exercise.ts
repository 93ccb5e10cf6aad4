/**
 * Reads exercise.yaml when the site is built and in tests: a mistake becomes one error that names the file, the line, the
 * field, what is wrong and how to mend it.
 */
import { DrydockError, reasonOf } from '../shared/errors.ts';
import { parseYaml } from '../shared/yaml-data.ts';
import { type Exercise, exerciseSchema } from './schema.ts';

/**
 * Reads and checks the exercise of a folder.
 * @param file path of exercise.yaml, whose folder must have the exercise's id
 * @param read reads a text file, such as `(path) => readFile(path, 'utf8')` of node:fs/promises
 */
export async function loadExercise(file: string, read: (file: string) => Promise<string>): Promise<Exercise> {
  let text: string;
  try {
    text = await read(file);
  } catch (error) {
    throw new DrydockError('exercise-missing', { file, reason: reasonOf(error) }, { cause: error });
  }
  const exercise = parseExercise(file, text);
  const folder = file.split(/[\\/]/).at(-2);
  if (folder !== undefined && folder !== exercise.id) {
    throw invalid(file, [`id: is “${exercise.id}”, but the folder is “${folder}”; make them equal`]);
  }
  return exercise;
}

/** Checks the text of an exercise.yaml. Raises DD4001 with every problem, one per line. */
export function parseExercise(file: string, text: string): Exercise {
  const parsed = parseYaml(text, exerciseSchema, 'src/checkers/assertions.ts');
  if (!parsed.ok) throw invalid(file, parsed.problems);
  return parsed.data;
}

function invalid(file: string, problems: readonly string[]): DrydockError {
  return new DrydockError('exercise-invalid', { file, problems: problems.join('\n') });
}
