/** Exercises and lessons as they lie in content/, for tests that play them. */
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readExercises } from '../../src/checkers/node/exercises.ts';
import { type Exercise, exerciseSchema } from '../../src/checkers/schema.ts';
import { parseYaml } from '../../src/shared/yaml-data.ts';
import { readLesson } from '../../src/site/lib/lesson-text.ts';

const repositoryFolder = join(import.meta.dirname, '../..');
const contentFolder = join(repositoryFolder, 'content');

/** A command that a lesson shows together with what it prints. */
export interface Sample {
  /** Path of the lesson in content/. */
  lesson: string;
  /** Of the command, in that file. */
  line: number;
  command: string;
  output: string;
  /** The task that comes next in the text; undefined behind the last one. */
  before: string | undefined;
}

export interface Lesson {
  exercise: Exercise;
  samples: Sample[];
  /** Path of the exercise in the checkout. */
  file: string;
  /** Line of a field of the exercise, such as `['tasks', 0]`. */
  lineOf(path: readonly PropertyKey[]): number;
}

/** Every exercise, with the sample output of the lessons that have it. */
export async function loadLessons(): Promise<Lesson[]> {
  const lessons: Lesson[] = [];
  for (const exercise of await readExercises(repositoryFolder)) {
    const file = `content/exercises/${exercise.id}/exercise.yaml`;
    const parsed = parseYaml(await readFile(join(repositoryFolder, file), 'utf8'), exerciseSchema, '');
    lessons.push({ exercise, samples: [], file, lineOf: (path) => (parsed.ok ? parsed.lineOf(path) : 1) });
  }
  for (const file of (await filesOf('*/**/*.mdx')).sort()) {
    const text = await readFile(join(contentFolder, file), 'utf8');
    const id = readLesson(text).frontmatter['exercise'];
    if (id === undefined) continue;
    const lesson = lessons.find(({ exercise }) => exercise.id === id);
    if (lesson === undefined) throw new Error(`content/${file} names the exercise “${id}”, which is not there; create content/exercises/${id}/exercise.yaml, or correct “exercise”`);
    for (const sample of samplesOf(file, text)) {
      const known = lesson.samples.find(({ command, before }) => command === sample.command && before === sample.before);
      // The same sample in another language is played once, but must show the same output.
      if (known === undefined) lesson.samples.push(sample);
      else if (known.output !== sample.output) throw new Error(`content/${file}:${sample.line} and content/${known.lesson}:${known.line} show different output of “${sample.command}”; make both what the engine prints`);
    }
  }
  return lessons;
}

async function filesOf(pattern: string): Promise<string[]> {
  const files: string[] = [];
  for await (const file of glob(pattern, { cwd: contentFolder })) files.push(file.replaceAll('\\', '/'));
  return files;
}

/** What is typed in a line of a console block; undefined for a line of output. */
export function typedIn(line: string): string | undefined {
  return /^learner@[a-z]+:[^$]*\$ (.+)$/.exec(line)?.[1];
}

/** The commands with output in the console blocks of a text. @param lesson its path in content/ */
export function samplesOf(lesson: string, text: string): Sample[] {
  const samples: Sample[] = [];
  for (const block of text.matchAll(/^```console[^\n]*\n([^]*?)^```$/gm)) {
    const before = /<Task id="([^"]+)"/.exec(text.slice(block.index))?.[1];
    let current: Sample | undefined;
    const fence = text.slice(0, block.index).split('\n').length;
    for (const [index, line] of (block[1] ?? '').replace(/\n$/, '').split('\n').entries()) {
      const command = typedIn(line);
      if (command === undefined) {
        if (current === undefined) throw new Error(`content/${lesson}:${fence + 1 + index}: a console block starts with output instead of a prompt such as “learner@drydock:~$ docker ps”: ${line}`);
        current.output += current.output === '' ? line : `\n${line}`;
      } else {
        current = { lesson, line: fence + 1 + index, command, output: '', before };
        samples.push(current);
      }
    }
  }
  return samples.filter((sample) => sample.output !== '');
}
