import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DrydockError } from '../../../shared/errors.ts';
import { untilItListens } from './patience.ts';

const starting = () => new DrydockError('preview-not-listening', { port: 8080, container: 'web', inner: 80 });

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('asks again until the program listens', async () => {
  const ask = vi.fn<() => Promise<string>>().mockRejectedValueOnce(starting()).mockRejectedValueOnce(starting()).mockResolvedValue('page');
  const answer = untilItListens(ask, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(2000);
  expect(await answer).toBe('page');
  expect(ask).toHaveBeenCalledTimes(3);
});

it('gives up after a while, at once for anything else, and when nobody waits any more', async () => {
  const never = untilItListens(() => Promise.reject(starting()), new AbortController().signal);
  const failed = expect(never).rejects.toMatchObject({ kind: 'preview-not-listening' });
  await vi.advanceTimersByTimeAsync(60_000);
  await failed;
  await expect(untilItListens(() => Promise.reject(new DrydockError('preview-nothing-published', { port: 1 })), new AbortController().signal)).rejects.toMatchObject({ kind: 'preview-nothing-published' });
  const left = new AbortController();
  const gone = expect(untilItListens(() => Promise.reject(starting()), left.signal)).rejects.toThrow('left');
  left.abort(new Error('left'));
  await vi.advanceTimersByTimeAsync(1000);
  await gone;
});
