import { expect, test } from 'vitest';
import { exerciseSchema } from '../../src/checkers/schema.ts';
import type { Lesson } from '../../tests/support/lessons.ts';
import { chooseExercises, identityOf, notePlayed, type Played, shareOf, waitingWarning } from './played-exercises.ts';

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

test('an exercise whose words alone have changed is the same one, as long as they ask for the same values', () => {
  const reworded = (fail: string) => {
    const { exercise, ...rest } = lesson('a');
    const [task] = exercise.tasks;
    return { ...rest, exercise: { ...exercise, tasks: [{ ...task!, title: text('y'), assertions: [{ ...task!.assertions[0]!, fail: text(fail) }] }] } };
  };
  expect(identityOf(reworded('nothing of that name'))).toBe(identityOf(lesson('a')));
  expect(identityOf(reworded('no {name}'))).not.toBe(identityOf(lesson('a')));
});

const names = (count: number, prefix: string) => Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
const noted = (lessons: readonly Lesson[], seconds: number): Played => Object.fromEntries(lessons.map((one) => [one.exercise.id, { of: identityOf(one), ...run, tests: 1, seconds }]));

test('a run plays what has changed, and a sample of the others, another one each day', () => {
  const unchanged = names(5, 'same').map((id) => lesson(id));
  const chosen = (changed: number, day: number) => {
    // Those that changed were noted as they were before.
    const before = Object.fromEntries(names(changed, 'new').map((id) => [id, { of: 'before', ...run, tests: 1, seconds: 400 }]));
    const choice = chooseExercises([...names(changed, 'new').map((id) => lesson(id)), ...unchanged], { ...noted(unchanged, 140), ...before }, day);
    return { choice, play: choice.play.map(({ exercise }) => exercise.id), waiting: choice.waiting.map(({ exercise }) => exercise.id) };
  };
  expect(chosen(0, 0).play).toEqual(['same-0', 'same-1']);
  expect(chosen(0, 1).play).toEqual(['same-2', 'same-3']);
  expect(chosen(0, 2).play).toEqual(['same-4']);
  expect(chosen(0, 3).play).toEqual(['same-0', 'same-1']);
  expect(chosen(2, 0)).toMatchObject({ play: [...names(2, 'new'), 'same-0', 'same-1'], waiting: [] });
  expect(waitingWarning(chosen(2, 0).choice)).toBe('');
  const tooMany = chosen(4, 0);
  expect(tooMany).toMatchObject({ play: [...names(2, 'new'), 'same-0', 'same-1'], waiting: ['new-2', 'new-3'] });
  expect(waitingWarning(tooMany.choice)).toContain('npm run lesson:check -- new-2 new-3');
});

test('an exercise that takes longer than there is time for is played alone once it has changed, a new one is taken to cost as much as it has to try', () => {
  const long = [lesson('long'), lesson('next')];
  const play = (played: Played) => chooseExercises(long, played, 0).play.map(({ exercise }) => exercise.id);
  expect(play(noted(long, 500))).toEqual(['long']);
  expect(play(noted(long, 3000))).toEqual([]);
  expect(play({ ...noted(long, 3000), long: { of: 'before', ...run, tests: 1, seconds: 3000 } })).toEqual(['long']);
  expect(play({})).toEqual(['long', 'next']);
});

test('the longest are shared out first', () => {
  const lessons = names(4, 'same').map((id) => lesson(id));
  const played = Object.assign({}, ...lessons.map((one, index) => noted([one], [100, 200, 300, 500][index] ?? 0)));
  const ids = (share: number) => shareOf(lessons, played, share, 2).map(({ exercise }) => exercise.id);
  expect([ids(0), ids(1)]).toEqual([['same-3', 'same-0'], ['same-2', 'same-1']]);
});
