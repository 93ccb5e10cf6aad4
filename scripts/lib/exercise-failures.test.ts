import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadLessons, samplesOf } from '../../tests/support/lessons.ts';
import { described, doneAtStart, notAsShown, notSolved, notTold, orTell, startFailure } from './exercise-failures.ts';

const text = `---
title: A
---

\`\`\`console
learner@drydock:~$ cd /tmp
learner@drydock:/tmp$ ls
a
\`\`\`

<Task id="one" />
`;

describe('orTell', () => {
  it('says where, what and what to do around what went wrong, and keeps that', async () => {
    const cause = new Error('expected a to be b');
    const failing = orTell({ where: 'a.yaml:3', what: 'it failed', advice: 'mend it.' }, () => Promise.reject(cause));
    await expect(failing).rejects.toThrow('a.yaml:3: it failed\n\nexpected a to be b\n\nWhat to do: mend it.');
    await expect(failing).rejects.toMatchObject({ cause });
  });

  it('leaves alone what goes well', async () => {
    await expect(orTell({ where: '', what: '', advice: '' }, async () => {})).resolves.toBeUndefined();
  });
});

describe('samplesOf', () => {
  it('knows the line of each command', () => {
    expect(samplesOf('en/a.mdx', text)).toEqual([{ lesson: 'en/a.mdx', line: 7, command: 'ls', output: 'a', before: 'one' }]);
  });

  it('names the line that is no command', () => {
    expect(() => samplesOf('en/a.mdx', text.replace('learner@drydock:~$ cd /tmp', 'cd'))).toThrow('content/en/a.mdx:6: a console block starts with output');
  });
});

describe('failures', () => {
  it('point at the lines of the real files', async () => {
    const lessons = await loadLessons();
    const lesson = lessons.find(({ exercise }) => exercise.id === 'first-container');
    const [wrong] = lesson?.exercise.wrong ?? [];
    if (lesson === undefined || wrong === undefined) throw new Error('the first lesson has no exercise with a wrong state');
    const lineAt = (where: string): string => {
      const [file = '', line] = where.split(':');
      return readFileSync(file, 'utf8').split('\n')[Number(line) - 1] ?? '';
    };
    expect(lineAt(doneAtStart(lesson, 1).where)).toContain(`- id: ${lesson.exercise.tasks[1]?.id}`);
    expect(lineAt(notTold(lesson, wrong).where)).toContain(`id: ${wrong.id}`);
    expect(lineAt(notSolved(lesson, 0).where)).toContain('commands: docker run hello-world');
    expect(lineAt(startFailure(lesson).where)).toContain('images:');
    for (const { samples } of lessons) for (const sample of samples) expect(lineAt(notAsShown(sample).where)).toContain(`$ ${sample.command}`);
  });

  it('name what is meant', () => {
    expect(notAsShown({ lesson: 'en/a.mdx', line: 7, command: 'ls', output: 'a', before: 'one' })).toMatchObject({ where: 'content/en/a.mdx:7', what: 'the lesson shows something else than “ls” prints before task “one” is done' });
    expect(described({ kind: 'wrong', assertion: 'port', reason: { en: 'No port.', 'zh-cn': '没有端口。' } })).toBe('it is wrong by “port”: No port.');
  });
});
