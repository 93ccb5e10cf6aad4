import { expect, test } from 'vitest';
import { exerciseSchema } from '../../src/checkers/schema.ts';
import type { Lesson } from '../../tests/support/lessons.ts';
import { chooseExercises, identityOf, notePlayed, type Played, waitingWarning } from './played-exercises.ts';

const text = (en: string) => ({ en, 'zh-cn': `中 ${en}` });

function lesson(id: string, output = ''): Lesson {
  const task = {
    id: 'there', title: text('x'), solution: { commands: 'true', explanation: text('x') },
    assertions: [{ id: 'there', open: true, look: 'container', where: { name: 'web' }, expect: 'exists', fail: text('no web') }],
  };
  return { exercise: exerciseSchema.parse({ id, start: {}, tasks: [task] }), samples: output === '' ? [] : [{ lesson: 'en/a.mdx', line: 1, command: 'ls', output, before: undefined }], file: `content/exercises/${id}/exercise.yaml`, lineOf: () => 1 };
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

test('a run plays the first lesson, what has changed, and three others, other ones each day', () => {
  const names = (count: number, prefix: string) => Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  const unchanged = names(6, 'same').map((id) => lesson(id));
  const played: Played = Object.fromEntries(unchanged.map((one) => [one.exercise.id, { of: identityOf(one), ...run, tests: 1, seconds: 1 }]));
  const chosen = (changed: number, day: number) => {
    const choice = chooseExercises([...names(changed, 'new').map((id) => lesson(id)), ...unchanged, lesson('first-container')], played, day);
    return { choice, play: choice.play.map(({ exercise }) => exercise.id), waiting: choice.waiting.map(({ exercise }) => exercise.id) };
  };
  expect(chosen(0, 0).play).toEqual(['first-container', 'same-0', 'same-1', 'same-2']);
  expect(chosen(0, 1).play).toEqual(['first-container', 'same-3', 'same-4', 'same-5']);
  expect(chosen(8, 0)).toMatchObject({ play: ['first-container', ...names(8, 'new'), 'same-0', 'same-1', 'same-2'], waiting: [] });
  expect(waitingWarning(chosen(8, 0).choice)).toBe('');
  const tooMany = chosen(10, 0);
  expect(tooMany).toMatchObject({ play: ['first-container', ...names(8, 'new'), 'same-0', 'same-1', 'same-2'], waiting: ['new-8', 'new-9'] });
  expect(waitingWarning(tooMany.choice)).toContain('10 exercises have changed since they were played last, more than the 8');
  expect(waitingWarning(tooMany.choice)).toContain('npm run lesson:check -- new-8 new-9');
});
