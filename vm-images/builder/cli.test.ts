import { expect, it } from 'vitest';
import { timeLeft } from './cli.ts';

it('guesses the time left from the pace so far', () => {
  expect(timeLeft({ stage: 's', done: 50, total: 100 }, 10_000)).toBe(', about 10 s left');
  expect(timeLeft({ stage: 's', done: 10, total: 100 }, 60_000)).toBe(', about 9 min left');
});

it('does not guess too early, nor at the end', () => {
  expect(timeLeft({ stage: 's', done: 50, total: 100 }, 100)).toBe('');
  expect(timeLeft({ stage: 's', done: 1, total: 100 }, 60_000)).toBe('');
  expect(timeLeft({ stage: 's', done: 100, total: 100 }, 60_000)).toBe('');
});
