import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Watchdog } from './watchdog.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** How long after the last word the worker was given up, in milliseconds. */
function patience(watchdog: Watchdog, onSilence: { mock: { calls: unknown[] } }): number {
  let silent = 0;
  while (onSilence.mock.calls.length === 0 && silent < 600_000) {
    vi.advanceTimersByTime(100);
    silent += 100;
  }
  watchdog.stop();
  return silent;
}

it('gives up after 15 s of silence, once, and has asked meanwhile', () => {
  const onSilence = vi.fn();
  const ping = vi.fn();
  const watchdog = new Watchdog(ping, onSilence);
  vi.advanceTimersByTime(14_900);
  expect(ping).toHaveBeenCalledTimes(3);
  vi.advanceTimersByTime(60_000);
  expect(onSilence.mock.calls).toEqual([[15]]);
  watchdog.stop();
});

it.each([0, 100, 900, 1000, 4900, 5000, 5100, 7500, 9999])('is as patient when the last word came after %i ms', (last) => {
  const onSilence = vi.fn();
  const watchdog = new Watchdog(() => undefined, onSilence);
  vi.advanceTimersByTime(last);
  watchdog.heard();
  const silent = patience(watchdog, onSilence);
  expect(silent).toBeGreaterThan(15_000);
  expect(silent).toBeLessThanOrEqual(16_100);
});

it('waits longer for who has said so, until the next word', () => {
  const onSilence = vi.fn();
  const announced = new Watchdog(() => undefined, onSilence);
  announced.heard(40_000);
  vi.advanceTimersByTime(54_900);
  expect(onSilence).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1200);
  expect(onSilence.mock.calls).toEqual([[55]]);
  const onSilenceAgain = vi.fn();
  const watchdog = new Watchdog(() => undefined, onSilenceAgain);
  watchdog.heard(40_000);
  vi.advanceTimersByTime(30_000);
  watchdog.heard();
  expect(patience(watchdog, onSilenceAgain)).toBeLessThanOrEqual(16_100);
});

it('is content with any sign of life', () => {
  const onSilence = vi.fn();
  const watchdog = new Watchdog(() => undefined, onSilence);
  for (let second = 0; second < 60; second += 10) {
    vi.advanceTimersByTime(10_000);
    watchdog.heard();
  }
  expect(onSilence).not.toHaveBeenCalled();
  watchdog.stop();
  vi.advanceTimersByTime(60_000);
  expect(onSilence).not.toHaveBeenCalled();
});
