import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isDrydockError } from '../../../shared/errors.ts';
import type { Part } from '../../../shared/manifest.ts';
import { sha256Hex } from '../../../shared/sha256.ts';
import { createPartFetcher, type PartFetcherOptions } from './part-fetcher.ts';
import { PermanentFailure, type AttemptOptions, type PartTransport } from './transport.ts';

const content = Uint8Array.of(1, 2, 3);
const part: Part = { path: 'parts/a', bytes: 3, sha256: await sha256Hex(content) };
const online = { isOnline: () => true, onceOnline: () => () => undefined };

function fetcher(transport: PartTransport, options: Partial<PartFetcherOptions> = {}): ReturnType<typeof createPartFetcher> {
  return createPartFetcher({ transport, connectivity: online, random: () => 0, ...options });
}

const realSetTimeout = setTimeout;

async function outcome<T>(promise: Promise<T>): Promise<unknown> {
  let done = false;
  const settled = promise.then((value) => value, (error: unknown) => error).finally(() => {
    done = true;
  });
  // Hashing happens in real time, outside the faked timers, and may be followed by new ones.
  while (!done) {
    await vi.runAllTimersAsync();
    await new Promise((resolve) => realSetTimeout(resolve, 0));
  }
  return settled;
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a failing download', () => {
  it('is tried again, with progress starting afresh', async () => {
    let calls = 0;
    const progress: number[] = [];
    const transport: PartTransport = async (_, { onBytes }) => {
      calls += 1;
      onBytes(2);
      if (calls < 3) throw new TypeError('Failed to fetch');
      return content;
    };
    expect(await outcome(fetcher(transport).fetch(part, { onProgress: (received) => progress.push(received) }))).toEqual(content);
    expect(progress).toEqual([2, 0, 2, 0, 2]);
  });

  it('ends with an error that names part, attempts and reason', async () => {
    const transport = vi.fn<PartTransport>(() => Promise.reject(new TypeError('Failed to fetch')));
    const error = await outcome(fetcher(transport).fetch(part));
    expect(transport).toHaveBeenCalledTimes(5);
    expect(isDrydockError(error, 'part-download-failed') && error.params).toEqual({ part: 'parts/a', attempts: 5, reason: 'Failed to fetch' });
  });

  it('is not tried again when the part is not there', async () => {
    const transport = vi.fn<PartTransport>(() => Promise.reject(new PermanentFailure('HTTP 404')));
    const error = await outcome(fetcher(transport).fetch(part));
    expect(transport).toHaveBeenCalledOnce();
    expect(isDrydockError(error, 'part-download-failed')).toBe(true);
  });

  it('waits for the network where there is none', async () => {
    let back: () => void = () => undefined;
    let here = false;
    const transport = vi.fn<PartTransport>(async () => {
      if (!here) throw new TypeError('Failed to fetch');
      return content;
    });
    const connectivity = {
      isOnline: () => here,
      onceOnline: (listener: () => void) => {
        back = listener;
        return () => undefined;
      },
    };
    const fetching = fetcher(transport, { connectivity }).fetch(part);
    await vi.advanceTimersByTimeAsync(5000);
    expect(transport).toHaveBeenCalledOnce();
    here = true;
    back();
    expect(await outcome(fetching)).toEqual(content);
    expect(transport).toHaveBeenCalledTimes(2);
  });
});

it('gives up an attempt without data, but not a slow one', async () => {
  const attempts: AttemptOptions[] = [];
  const transport: PartTransport = (_, options) => {
    attempts.push(options);
    if (attempts.length === 1) return new Promise(() => undefined);
    return new Promise((resolve) => {
      for (const at of [900, 1800, 2700]) setTimeout(() => options.onBytes(1), at);
      setTimeout(() => resolve(content), 3500);
    });
  };
  const result = await outcome(fetcher(transport, { stallMilliseconds: 1000, attempts: 2 }).fetch(part));
  expect(result).toEqual(content);
  expect(attempts).toHaveLength(2);
  expect(attempts[0]?.signal.aborted).toBe(true);
});

describe('a damaged part', () => {
  it('is fetched once more past the caches', async () => {
    const fresh: boolean[] = [];
    const transport: PartTransport = async (_, options) => {
      fresh.push(options.fresh);
      return options.fresh ? content : Uint8Array.of(9, 9, 9);
    };
    expect(await outcome(fetcher(transport).fetch(part))).toEqual(content);
    expect(fresh).toEqual([false, true]);
  });

  it('is an error when it stays damaged', async () => {
    const transport = vi.fn<PartTransport>(async () => Uint8Array.of(9));
    const error = await outcome(fetcher(transport).fetch(part));
    expect(transport).toHaveBeenCalledTimes(2);
    expect(isDrydockError(error, 'part-corrupt') && error.params['actual']).toBe(await sha256Hex(Uint8Array.of(9)));
  });
});

describe('abandoning', () => {
  it('ends a download at once, whatever the transport does', async () => {
    const abort = new AbortController();
    const transport = vi.fn<PartTransport>(() => new Promise(() => undefined));
    const fetching = fetcher(transport).fetch(part, { signal: abort.signal });
    const reason = new Error('enough');
    queueMicrotask(() => abort.abort(reason));
    expect(await outcome(fetching)).toBe(reason);
    expect(transport).toHaveBeenCalledOnce();
  });

  it('ends the wait between two attempts', async () => {
    const abort = new AbortController();
    const transport = vi.fn<PartTransport>(() => Promise.reject(new Error('no')));
    const fetching = fetcher(transport).fetch(part, { signal: abort.signal });
    setTimeout(() => abort.abort(new Error('enough')), 100);
    expect(String(await outcome(fetching))).toBe('Error: enough');
    expect(transport).toHaveBeenCalledOnce();
  });

  it('never starts what waits for its turn', async () => {
    const abort = new AbortController();
    const transport = vi.fn<PartTransport>(() => new Promise((resolve) => setTimeout(() => resolve(content), 1000)));
    const limited = fetcher(transport, { concurrency: 1 });
    const first = limited.fetch(part);
    const second = limited.fetch(part, { signal: abort.signal });
    abort.abort(new Error('enough'));
    expect(String(await outcome(second))).toBe('Error: enough');
    expect(await first).toEqual(content);
    expect(transport).toHaveBeenCalledOnce();
  });
});

it('fetches so many parts at once and no more', async () => {
  let running = 0;
  let most = 0;
  const transport: PartTransport = async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 100));
    running -= 1;
    return content;
  };
  const limited = fetcher(transport, { concurrency: 3 });
  await outcome(Promise.all(Array.from({ length: 10 }, () => limited.fetch(part))));
  expect(most).toBe(3);
});
