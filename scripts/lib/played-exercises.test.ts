import { expect, test } from 'vitest';
import { exerciseSchema } from '../../src/checkers/schema.ts';
import type { Lesson } from '../../tests/support/lessons.ts';
import { identityOf, notePlayed } from './played-exercises.ts';

const text = (en: string) => ({ en, 'zh-cn': `中 ${en}` });

function lesson(id: string, output = ''): Lesson {
  const task = {
    id: 'there', title: text('x'), solution: { commands: 'true', explanation: text('x') },
    assertions: [{ id: 'there', open: true, look: 'container', where: { name: 'web' }, expect: 'exists', fail: text('no web') }],
  };
  return { exercise: exerciseSchema.parse({ id, start: {}, tasks: [task] }), samples: output === '' ? [] : [{ lesson: 'en/a.mdx', command: 'ls', output, before: undefined }] };
}

const report = (...tests: [string, string][]) => ({ numPassedTests: 0, testResults: [{ name: 'a.test.ts', status: 'any', assertionResults: tests.map(([id, status]) => ({ fullName: id, ancestorTitles: [id], status, duration: 1500 })) }] });
const run = { image: 'abc', date: '2026-11-28' };

test('what passed is noted, what failed or was not played loses its note, others keep theirs', () => {
  const lessons = [lesson('good'), lesson('bad'), lesson('missing')];
  const old = { of: 'old', image: 'old', date: '2026-01-01', tests: 1, seconds: 1 };
  const after = notePlayed({ bad: old, missing: old, other: old }, report(['good', 'passed'], ['good', 'passed'], ['bad', 'passed'], ['bad', 'failed']), lessons, run);
  expect(after).toEqual({ other: old, good: { of: identityOf(lesson('good')), image: 'abc', date: '2026-11-28', tests: 2, seconds: 3 } });
});

test('an exercise is another one once it or a sample of its lesson has changed', () => {
  expect(identityOf(lesson('a'))).toBe(identityOf(lesson('a')));
  expect(identityOf(lesson('a'))).not.toBe(identityOf(lesson('b')));
  expect(identityOf(lesson('a', 'x'))).not.toBe(identityOf(lesson('a', 'y')));
});
