import { expect, it } from 'vitest';
import { PausableClock } from '../../../shared/pausable-clock.ts';
import { ManualClock } from '../../../shared/testing/manual-clock.ts';
import { silenceOf } from './silence.ts';

const never = new AbortController().signal;

it('begins anew with what is heard', async () => {
  const clock = new ManualClock();
  const limit = silenceOf(8080, never, clock);
  await clock.advance(89_000);
  limit.heard();
  await clock.advance(89_000);
  expect(limit.signal.aborted).toBe(false);
  await clock.advance(1000);
  expect(limit.signal.reason).toMatchObject({ kind: 'preview-timed-out', params: { port: 8080, seconds: 90 } });
});

it('is over for good, whatever is heard then', async () => {
  const clock = new ManualClock();
  const limit = silenceOf(8080, never, clock);
  limit.over();
  limit.heard();
  await clock.advance(600_000);
  expect([limit.signal.aborted, clock.timers]).toEqual([false, 0]);
});

it('does not count the time of a machine that is paused', async () => {
  const world = new ManualClock();
  const clock = new PausableClock(world);
  const limit = silenceOf(8080, never, clock);
  await world.advance(89_000);
  clock.pause();
  await world.advance(600_000);
  limit.heard();
  clock.resume();
  await world.advance(89_000);
  expect(limit.signal.aborted).toBe(false);
  await world.advance(1000);
  expect(limit.signal.aborted).toBe(true);
});
