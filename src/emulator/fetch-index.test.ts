import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { fetchIndex } from './fetch-index.ts';

const url = 'https://site.example/registry/index.json';
const schema = z.object({ version: z.number() });

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it('tries again what fails, says something else, or stands still', async () => {
  const signals: (AbortSignal | null | undefined)[] = [];
  const answers = [
    () => Promise.reject(new TypeError('Failed to fetch')),
    async () => new Response('', { status: 503 }),
    async () => Response.json({ version: 'one' }),
    () => new Promise<Response>(() => undefined),
    async () => new Response(new ReadableStream()),
    async () => Response.json({ version: 1 }),
  ];
  const asked = vi.fn(async (_: unknown, init?: RequestInit) => {
    signals.push(init?.signal);
    return (answers[signals.length - 1] ?? Promise.reject)();
  });
  vi.stubGlobal('fetch', asked);
  const index = fetchIndex(url, schema, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(asked).toHaveBeenCalledTimes(6);
  expect(await index).toEqual({ version: 1 });
  // None of them is left behind.
  expect(signals.every((signal) => signal?.aborted === true)).toBe(true);
});

it('ends with the signal', async () => {
  vi.stubGlobal('fetch', () => new Promise(() => undefined));
  const abort = new AbortController();
  const index = fetchIndex(url, schema, abort.signal).catch(String);
  abort.abort(new Error('another network'));
  expect(await index).toBe('Error: another network');
});
