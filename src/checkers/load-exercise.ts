/**
 * Reads exercise.yaml when the site is built and in tests: a mistake becomes one error that names the file, the line, the
 * field, what is wrong and how to mend it.
 */
import { isCollection, isNode, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { DrydockError, reasonOf } from '../shared/errors.ts';
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
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    throw invalid(file, document.errors.map((error) => error.message.split('\n')[0] ?? error.message));
  }
  const parsed = exerciseSchema.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const { path, message } = explain(issue);
    return `line ${lineOf(document, lines, path)}, ${path.join('.') || 'the file'}: ${message}`;
  });
  throw invalid(file, problems);
}

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** The field and what to do about it. */
function explain(issue: Issue, base: Path = []): { path: Path; message: string } {
  const path = [...base, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys':
      return { path, message: `does not know ${issue.keys.map((key) => `“${key}”`).join(', ')}; correct the spelling, the indentation, or remove it` };
    case 'invalid_type':
      if (issue.message.endsWith('received undefined')) return { path, message: `is missing; add it (${issue.expected})` };
      return { path, message: `must be ${issue.expected}; ${issue.message}` };
    case 'invalid_value':
      return { path, message: `must be ${issue.values.map((value) => String(value)).join(' or ')}` };
    case 'invalid_union': {
      const branch = closest(issue.errors);
      if (branch !== undefined) return explain(branch, path);
      return { path, message: `has no known value; see src/checkers/assertions.ts for those that are (${issue.message})` };
    }
    default:
      return { path, message: issue.message };
  }
}

/** Of the branches of a union the one that was meant: the mistake lies deepest in it. */
function closest(branches: readonly (readonly Issue[])[]): Issue | undefined {
  const depth = (issue: Issue | undefined) => (issue === undefined ? -1 : issue.path.length + (issue.code === 'unrecognized_keys' ? 0.5 : 0));
  return branches.map((branch) => branch[0]).sort((a, b) => depth(b) - depth(a))[0];
}

/** Line of the field, or of the nearest thing around it that exists. */
function lineOf(document: Document, lines: LineCounter, path: Path): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return isCollection(document.contents) && document.contents.range ? lines.linePos(document.contents.range[0]).line : 1;
}

function invalid(file: string, problems: readonly string[]): DrydockError {
  return new DrydockError('exercise-invalid', { file, problems: problems.join('\n') });
}
