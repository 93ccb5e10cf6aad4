/** Reads content/quizzes/<lesson>.yaml: a mistake becomes one error that names the file, the line and how to mend it. */
import { DrydockError } from '../shared/errors.ts';
import { parseYaml } from '../shared/yaml-data.ts';
import { type QuizFile, quizFileSchema } from './quiz.ts';

/** Checks the text of a file of quizzes. Raises DD4020 with every problem, one per line. */
export function parseQuizzes(file: string, text: string): QuizFile {
  const parsed = parseYaml(text, quizFileSchema, 'quiz');
  if (!parsed.ok) throw new DrydockError('content-invalid', { file, problems: parsed.problems.join('\n') });
  return parsed.data;
}
