import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Transfer } from './transfer.ts';

const never = (): Promise<never> => new Promise(() => undefined);
const { signal } = new AbortController();

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('gives up a step in which nothing comes, and ends the transfer with it', async () => {
  const transfer = new Transfer(signal, 1000);
  const outcome = transfer.wait(never).catch(String);
  await vi.advanceTimersByTimeAsync(999);
  expect(transfer.signal.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await outcome).toBe('Error: no data for 1 s');
  expect(transfer.signal.aborted).toBe(true);
  await expect(transfer.wait(async () => 'more')).rejects.toThrow('no data for 1 s');
});

it('has patience with a slow one, and with whoever takes time between two steps', async () => {
  const transfer = new Transfer(signal, 1000);
  const slow = transfer.wait(() => new Promise((resolve) => setTimeout(() => resolve('done'), 3500)));
  for (let heard = 0; heard < 4; heard++) {
    await vi.advanceTimersByTimeAsync(900);
    transfer.heard();
  }
  expect(await slow).toBe('done');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await transfer.wait(async () => 'next')).toBe('next');
  expect(vi.getTimerCount()).toBe(0);
});

it('ends with the signal it was given, whatever the step does, and passes failures on', async () => {
  const outer = new AbortController();
  const transfer = new Transfer(outer.signal, 1000);
  await expect(transfer.wait(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  const waiting = transfer.wait(never).catch(String);
  outer.abort(new Error('enough'));
  expect(await waiting).toBe('Error: enough');
  expect(vi.getTimerCount()).toBe(0);
  const step = vi.fn(async () => undefined);
  await expect(new Transfer(outer.signal).wait(step)).rejects.toThrow('enough');
  expect(step).not.toHaveBeenCalled();
});

it('ends what is under way when nobody wants it any more', () => {
  const transfer = new Transfer(signal);
  transfer.end();
  expect(transfer.signal.aborted).toBe(true);
});
