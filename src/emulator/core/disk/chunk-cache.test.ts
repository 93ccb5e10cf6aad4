import { expect, it, vi } from 'vitest';
import { ChunkCache } from './chunk-cache.ts';

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
const chunk = (index: number): Uint8Array => new Uint8Array(100).fill(index);

it('drops the chunk that was not used for longest', async () => {
  const cache = new ChunkCache({ source: async (index) => chunk(index), maximumBytes: 300, onFailure: () => undefined });
  for (const index of [1, 2, 3]) cache.want(index, () => undefined);
  await settle();
  cache.peek(1);
  cache.want(4, () => undefined);
  await settle();
  expect([1, 2, 3, 4].filter((index) => cache.peek(index) !== undefined)).toEqual([1, 3, 4]);
});

it('keeps a chunk that is larger than the bound until the next one comes', async () => {
  const cache = new ChunkCache({ source: async (index) => chunk(index), maximumBytes: 50, onFailure: () => undefined });
  cache.want(1, () => undefined);
  await settle();
  expect(cache.peek(1)).toBeDefined();
  cache.want(2, () => undefined);
  await settle();
  expect(cache.peek(1)).toBeUndefined();
});

it('keeps quiet about a chunk read ahead that cannot be had, and fetches it when it is wanted', async () => {
  let broken = true;
  const onFailure = vi.fn();
  const cache = new ChunkCache({
    source: async (index) => {
      if (broken) throw new Error('offline');
      return chunk(index);
    },
    maximumBytes: 300,
    onFailure,
  });
  cache.readAhead(1);
  await settle();
  expect(onFailure).not.toHaveBeenCalled();
  broken = false;
  const done = vi.fn();
  cache.want(1, done);
  await settle();
  expect(done).toHaveBeenCalledWith(chunk(1));
});

it('reports a chunk that is read ahead and wanted in the meantime', async () => {
  const onFailure = vi.fn();
  const cache = new ChunkCache({ source: () => Promise.reject(new Error('offline')), maximumBytes: 300, onFailure });
  cache.readAhead(1);
  cache.want(1, () => undefined);
  await settle();
  expect(onFailure).toHaveBeenCalledOnce();
});

it('calls nobody after it was closed', async () => {
  const cache = new ChunkCache({ source: async (index) => chunk(index), maximumBytes: 300, onFailure: () => undefined });
  const done = vi.fn();
  cache.want(1, done);
  cache.close();
  await settle();
  expect(done).not.toHaveBeenCalled();
});
