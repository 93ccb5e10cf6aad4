import { expect, it } from 'vitest';
import { parseExercise } from '../../src/checkers/load-exercise.ts';
import { exerciseText } from './new-lesson.ts';
import { reasonsOf } from './unproven-reasons.ts';

const text = exerciseText('new');

it('counts mistakes and assertions that fail as done wrongly, and names those of which no wrong state tells', () => {
  expect(reasonsOf(parseExercise('f', text))).toEqual({ total: 1, unproven: [] });
  expect(reasonsOf(parseExercise('f', text.replace('        open: true\n', '')))).toEqual({ total: 2, unproven: ['first/finished'] });
  expect(reasonsOf(parseExercise('f', text.slice(0, text.indexOf('wrong:'))))).toEqual({ total: 1, unproven: ['first/removed'] });
});
