/** Exercises and lessons as they lie in content/, for tests that play them. */
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readExercises } from '../../src/checkers/node/exercises.ts';
import type { Exercise } from '../../src/checkers/schema.ts';

const repositoryFolder = join(import.meta.dirname, '../..');
const contentFolder = join(repositoryFolder, 'content');

/** A command that a lesson shows together with what it prints. */
export interface Sample {
  /** Path of the lesson in content/. */
  lesson: string;
  command: string;
  output: string;
  /** The task that comes next in the text; undefined behind the last one. */
  before: string | undefined;
}

export interface Lesson {
  exercise: Exercise;
  samples: Sample[];
}

/** Every exercise, with the sample output of the lessons that have it. */
export async function loadLessons(): Promise<Lesson[]> {
  const lessons = (await readExercises(repositoryFolder)).map((exercise): Lesson => ({ exercise, samples: [] }));
  for (const file of (await filesOf('*/**/*.mdx')).sort()) {
    const text = await readFile(join(contentFolder, file), 'utf8');
    const id = /^exercise: *(\S+)$/m.exec(text)?.[1];
    if (id === undefined) continue;
    const lesson = lessons.find(({ exercise }) => exercise.id === id);
    if (lesson === undefined) throw new Error(`content/${file} names the exercise “${id}”, which is not there`);
    for (const sample of samplesOf(file, text)) {
      const known = lesson.samples.find(({ command, before }) => command === sample.command && before === sample.before);
      // The same sample in another language is played once, but must show the same output.
      if (known === undefined) lesson.samples.push(sample);
      else if (known.output !== sample.output) throw new Error(`content/${file} and content/${known.lesson} show different output of “${sample.command}”`);
    }
  }
  return lessons;
}

async function filesOf(pattern: string): Promise<string[]> {
  const files: string[] = [];
  for await (const file of glob(pattern, { cwd: contentFolder })) files.push(file.replaceAll('\\', '/'));
  return files;
}

function samplesOf(lesson: string, text: string): Sample[] {
  const samples: Sample[] = [];
  for (const block of text.matchAll(/^```console[^\n]*\n([^]*?)^```$/gm)) {
    const before = /<Task id="([^"]+)"/.exec(text.slice(block.index))?.[1];
    let current: Sample | undefined;
    for (const line of (block[1] ?? '').replace(/\n$/, '').split('\n')) {
      const command = /^learner@[a-z]+:[^$]*\$ (.+)$/.exec(line)?.[1];
      if (command === undefined) {
        if (current === undefined) throw new Error(`content/${lesson}: a console block starts with output instead of the prompt: ${line}`);
        current.output += current.output === '' ? line : `\n${line}`;
      } else {
        current = { lesson, command, output: '', before };
        samples.push(current);
      }
    }
  }
  return samples.filter((sample) => sample.output !== '');
}
