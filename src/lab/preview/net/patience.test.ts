import { expect, it, vi } from 'vitest';
import { DrydockError } from '../../../shared/errors.ts';
import { PausableClock } from '../../../shared/pausable-clock.ts';
import { ManualClock } from '../../../shared/testing/manual-clock.ts';
import { untilItListens } from './patience.ts';

const never = new AbortController().signal;
const starting = () => new DrydockError('preview-not-listening', { port: 8080, container: 'web', inner: 80 });

it('asks again until the program listens', async () => {
  const ask = vi.fn<() => Promise<string>>().mockRejectedValueOnce(starting()).mockRejectedValueOnce(starting()).mockResolvedValue('page');
  const clock = new ManualClock();
  expect(await clock.until(untilItListens(ask, never, clock))).toBe('page');
  expect(ask).toHaveBeenCalledTimes(3);
});

it('gives up after a while, at once for anything else, and when nobody waits any more', async () => {
  const clock = new ManualClock();
  await expect(clock.until(untilItListens(() => Promise.reject(starting()), never, clock))).rejects.toMatchObject({ kind: 'preview-not-listening' });
  await expect(untilItListens(() => Promise.reject(new DrydockError('preview-nothing-published', { port: 1 })), never, clock)).rejects.toMatchObject({ kind: 'preview-nothing-published' });
  const left = new AbortController();
  const gone = untilItListens(() => Promise.reject(starting()), left.signal, clock);
  left.abort(new Error('left'));
  await expect(clock.until(gone)).rejects.toThrow('left');
});

it('has patience with a machine that is paused', async () => {
  const world = new ManualClock();
  const clock = new PausableClock(world);
  let listens = false;
  const answer = untilItListens(() => (listens ? Promise.resolve('page') : Promise.reject(starting())), never, clock);
  await world.advance(1500);
  clock.pause();
  await world.advance(600_000);
  clock.resume();
  await world.advance(1500);
  listens = true;
  expect(await world.until(answer)).toBe('page');
});
