import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Watchdog } from './watchdog.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('gives up after 15 s of silence, once', () => {
  const onSilence = vi.fn();
  const ping = vi.fn();
  const watchdog = new Watchdog(ping, onSilence);
  vi.advanceTimersByTime(14_900);
  expect(onSilence).not.toHaveBeenCalled();
  expect(ping).toHaveBeenCalledTimes(3);
  vi.advanceTimersByTime(60_000);
  expect(onSilence).toHaveBeenCalledOnce();
  watchdog.stop();
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
