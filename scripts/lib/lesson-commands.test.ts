/**
 * `lesson:new`, `lesson:check --text` and `lesson:translated` as an author runs them, on a copy of the sources: what the first writes
 * the second passes, a mistake in it is told with file and line, and a page whose English text has changed until the third. The engine is left out; tests/integration plays exercises on it.
 */
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from './run.ts';

const copied = ['content', 'src', 'scripts', 'tests/support', 'package.json'];
const name = 'a-lesson-of-a-test';
const exercise = `content/exercises/${name}/exercise.yaml`;
const chinese = `content/zh-cn/images/${name}.mdx`;

let copy = '';
let made = { code: 1, output: '' };

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'drydock-lessons-'));
  for (const path of copied) await cp(join(root, path), join(copy, path), { recursive: true });
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
  made = command('lesson-new', `images/${name}`);
});

afterAll(() => rm(copy, { recursive: true, force: true }));

/** Runs a command of the copy. Its place is what tells it which sources are meant. */
function command(script: string, ...words: string[]): { code: number; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', join(copy, `scripts/commands/${script}.ts`), ...words], { cwd: copy, encoding: 'utf8' });
  return { code: status ?? 1, output: stdout + stderr };
}

interface Change {
  text: string;
  replacement: string;
}

/** What the check says while a file is another one, and the line of each change. */
async function checkedWith(file: string, changes: readonly Change[], ...options: string[]): Promise<{ code: number; output: string; lines: number[] }> {
  const path = join(copy, file);
  const before = await readFile(path, 'utf8');
  let after = before;
  const lines = changes.map(({ text, replacement }) => {
    const at = before.indexOf(text);
    if (at === -1) throw new Error(`${file} has no “${text}”: adapt this test`);
    after = after.replace(text, () => replacement);
    return before.slice(0, at).split('\n').length;
  });
  await writeFile(path, after);
  try {
    return { ...command('lesson-check', name, '--text', ...options), lines };
  } finally {
    await writeFile(path, before);
  }
}

describe('lesson:new', () => {
  it('writes a lesson that lesson:check passes as it is', () => {
    expect(made).toMatchObject({ code: 0, output: expect.stringContaining(`wrote ${exercise}`) });
    expect(command('lesson-check', name, '--text')).toEqual({ code: 0, output: 'the texts of 1 lesson are in order\n' });
  });

  it('refuses a name that is taken, a module that is not there, and what is no name', () => {
    expect(command('lesson-new', `images/${name}`)).toMatchObject({ code: 1, output: expect.stringContaining(`has a lesson “${name}” already`) });
    expect(command('lesson-new', 'no-such-module/other')).toMatchObject({ code: 1, output: expect.stringContaining('has no module “no-such-module”. The modules are ') });
    expect(command('lesson-new', 'Images')).toMatchObject({ code: 1, output: expect.stringContaining('name the lesson as <module>/<name>') });
  });
});

describe('lesson:check --text', () => {
  it.each([
    ['values that there are not', exercise, [
      { text: 'look: container', replacement: 'look: contianer', problem: 'tasks.0.assertions.0.look: has no known value (“contianer”); did you mean “container”?' },
      { text: 'commands: docker', replacement: 'command: docker', problem: 'tasks.0.solution: does not know “command”; did you mean “commands”?' },
    ]],
    ['a wrong state of no task', exercise, [{ text: 'task: first', replacement: 'task: frist', problem: 'wrong.0.task: there is no task “frist”; name one of first' }]],
    ['a text that YAML cannot read', exercise, [{ text: 'en: No container', replacement: 'en: None: no container', problem: 'YAML cannot read this' }]],
    ['a text of the lesson that does not fit', chinese, [
      { text: 'docker run', replacement: 'docker rnu', problem: 'there is no “docker rnu”' },
      { text: '<Task id="first" />', replacement: '<Task id="frist" />', problem: 'the exercise has no task “frist”; name one of first' },
    ]],
  ])('fails for %s, and names file, line and remedy', async (_, file, changes) => {
    const { code, output, lines } = await checkedWith(file, changes);
    expect(code, output).toBe(1);
    for (const [index, { problem }] of changes.entries()) {
      expect(output.split('\n').filter((said) => said.startsWith(`error   ${file}:${lines[index]}:`)).join('\n'), output).toContain(problem);
    }
    expect(output).toContain('Mend them first: the engine was not started.');
  });

  it('counts the reasons that no wrong state proves, and names them where asked to', async () => {
    const { code, output } = await checkedWith(exercise, [{ text: '        open: true\n', replacement: '' }], '--reasons');
    expect({ code, output }).toEqual({ code: 0, output: `the texts of 1 lesson are in order\n  ${name}: no wrong state proves first/finished\n1 of 2 reasons that a learner may be told, no wrong state proves\n` });
  });
});

describe('lesson:translated', () => {
  it('takes pages that are no lessons, of which the check told', async () => {
    const pages = ['sandbox', 'index'];
    for (const page of pages) {
      const english = join(copy, `content/en/${page}.mdx`);
      await writeFile(english, `${await readFile(english, 'utf8')}\nMore.\n`);
    }
    const { code, output } = command('lesson-check', '--text');
    for (const page of pages) expect(output).toContain(`warning content/zh-cn/${page}.mdx:1: content/en/${page}.mdx has changed since this was translated`);
    expect(code, output).toBe(0);
    const named = ['sandbox', 'content/zh-cn/index.mdx'];
    expect(command('lesson-translated', ...named)).toEqual({ code: 0, output: 'content/zh-cn/sandbox.mdx\ncontent/zh-cn/index.mdx\n2 marked as translations of the English text as it is now, 0 were so already\n' });
    expect(command('lesson-translated', ...named)).toEqual({ code: 0, output: '0 marked as translations of the English text as it is now, 2 were so already\n' });
  });

  it('names what there is for a name that is none', () => {
    expect(command('lesson-translated', 'sandbx')).toMatchObject({ code: 1, output: expect.stringMatching(/there is no lesson or page “sandbx”\. The lessons are .*; the other pages are index, .*sandbox/) });
  });
});
