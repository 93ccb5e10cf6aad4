import { afterEach, expect, it, vi } from 'vitest';
import { createScheduler } from './scheduler.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Node's way, and the way of a worker, which has no setImmediate. */
it.each(['immediate', 'message'])('calls back in order, catches what is thrown, and ends with close: %s', async (way) => {
  if (way === 'message') vi.stubGlobal('setImmediate', undefined);
  const thrown: unknown[] = [];
  const calls: string[] = [];
  const scheduler = createScheduler((error) => thrown.push(error), () => 0);
  scheduler.schedule(() => calls.push('later'), 5);
  scheduler.schedule(() => {
    calls.push('first');
    throw new Error('unreachable');
  }, 0);
  await new Promise<void>((resolve) => scheduler.schedule(() => {
    calls.push('second');
    resolve();
  }, 0));
  expect(calls).toEqual(['first', 'second']);
  expect(String(thrown[0])).toBe('Error: unreachable');
  scheduler.schedule(() => calls.push('never'), 0);
  scheduler.close();
  await new Promise((resolve) => setTimeout(resolve, 15));
  expect(calls).toEqual(['first', 'second']);
});

it('is woken from a sleep, once', async () => {
  const scheduler = createScheduler(() => undefined, () => 0);
  let calls = 0;
  scheduler.schedule(() => (calls += 1), 60_000);
  scheduler.wake();
  scheduler.wake();
  await new Promise((resolve) => setTimeout(resolve, 15));
  expect(calls).toBe(1);
  scheduler.close();
});
