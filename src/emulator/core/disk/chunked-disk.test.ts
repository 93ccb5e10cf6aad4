import { describe, expect, it, vi } from 'vitest';
import { firstDifference } from '../testing/bytes.ts';
import { randomBytes, randomIntegers } from '../testing/random.ts';
import { ChunkedDisk, type ChunkedDiskOptions } from './chunked-disk.ts';
import { toV86Disk, PendingReads } from './v86-disk.ts';

const chunkBytes = 16384;
/** Seven and a half chunks. */
const byteLength = chunkBytes * 7 + chunkBytes / 2;
const base = randomBytes(byteLength, 1);

function chunkOf(index: number): Uint8Array {
  return base.slice(index * chunkBytes, (index + 1) * chunkBytes);
}

function createDisk(options: Partial<ChunkedDiskOptions> = {}): ChunkedDisk {
  return new ChunkedDisk({ byteLength, chunkBytes, cacheBytes: chunkBytes * 3, source: async (index) => chunkOf(index), ...options });
}

function read(disk: ChunkedDisk, start: number, length: number): Promise<Uint8Array> {
  return new Promise((resolve) => disk.read(start, length, (bytes) => resolve(Uint8Array.from(bytes))));
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('ChunkedDisk', () => {
  it('behaves as a plain array does, whatever is read and written, also after save and restore', async () => {
    for (let seed = 1; seed <= 5; seed++) {
      const next = randomIntegers(seed);
      const plain = Uint8Array.from(base);
      let disk = createDisk({ readAheadChunks: seed % 3 });
      for (let step = 0; step < 60; step++) {
        const start = next(byteLength / 512) * 512;
        const length = Math.min((1 + next(next(4) === 0 ? 100 : 12)) * 512, byteLength - start);
        if (next(2) === 0) {
          const bytes = randomBytes(length, seed * 1000 + step);
          disk.write(start, bytes);
          plain.set(bytes, start);
        } else {
          expect(firstDifference(await read(disk, start, length), plain.subarray(start, start + length))).toBe(-1);
        }
        if (next(20) === 0) {
          const saved: unknown = structuredClone(disk.save());
          disk = createDisk();
          disk.restore(saved);
        }
      }
      expect(firstDifference(await read(disk, 0, byteLength), plain)).toBe(-1);
    }
  });

  it('keeps a copy of what is written: v86 uses its buffer again', async () => {
    const disk = createDisk();
    const bytes = new Uint8Array(512).fill(7);
    disk.write(0, bytes);
    bytes.fill(9);
    expect((await read(disk, 0, 512))[0]).toBe(7);
  });

  it('shows what is written while a read waits for its chunk', async () => {
    const gate = Promise.withResolvers<void>();
    const disk = createDisk({ source: async (index) => gate.promise.then(() => chunkOf(index)) });
    const reading = read(disk, 0, 1024);
    disk.write(512, new Uint8Array(512).fill(5));
    gate.resolve();
    const bytes = await reading;
    expect(bytes.slice(0, 512)).toEqual(base.slice(0, 512));
    expect(bytes.slice(512)).toEqual(new Uint8Array(512).fill(5));
  });

  it('fetches a chunk once for reads that overlap', async () => {
    const source = vi.fn(async (index: number) => chunkOf(index));
    const disk = createDisk({ source });
    await Promise.all([read(disk, 0, 512), read(disk, 512, 512), read(disk, 0, 2048)]);
    expect(source).toHaveBeenCalledTimes(1);
  });

  it('fetches nothing for zeros, nor for what was written as a whole', async () => {
    const source = vi.fn(async (index: number) => chunkOf(index));
    const disk = createDisk({ source, isZeroChunk: (index) => index === 1 });
    expect(await read(disk, chunkBytes, 512)).toEqual(new Uint8Array(512));
    disk.write(0, new Uint8Array(4096).fill(3));
    expect(await read(disk, 0, 4096)).toEqual(new Uint8Array(4096).fill(3));
    expect(source).not.toHaveBeenCalled();
  });

  it('reads ahead in a sequence, not at random', async () => {
    const source = vi.fn(async (index: number) => chunkOf(index));
    const disk = createDisk({ source, readAheadChunks: 1 });
    await read(disk, chunkBytes * 4, 512);
    await settle();
    expect(source.mock.calls.map(([index]) => index)).toEqual([4]);
    await read(disk, chunkBytes * 5, 512);
    await settle();
    expect(source.mock.calls.map(([index]) => index)).toEqual([4, 6, 5]);
  });

  it('parks a read whose chunk cannot be had, and answers it after retry', async () => {
    let broken = true;
    const onFailure = vi.fn();
    const waiting: boolean[] = [];
    const disk = createDisk({
      source: async (index) => {
        if (broken) throw new Error('offline');
        return chunkOf(index);
      },
      onFailure,
      onWaiting: (state) => waiting.push(state),
    });
    const done = vi.fn();
    disk.read(chunkBytes - 512, 1024, done);
    await settle();
    expect(onFailure.mock.calls.map(([index]) => index)).toEqual([0, 1]);
    expect(done).not.toHaveBeenCalled();
    broken = false;
    disk.retry();
    await settle();
    expect(done).toHaveBeenCalledTimes(1);
    expect(done.mock.calls[0]?.[0]).toEqual(base.slice(chunkBytes - 512, chunkBytes + 512));
    expect(waiting).toEqual([true, false]);
  });

  it('does not answer a read that was aborted, and forgets its failure', async () => {
    const gate = Promise.withResolvers<Uint8Array>();
    const source = vi.fn(() => gate.promise);
    const disk = createDisk({ source });
    const abort = new AbortController();
    const done = vi.fn();
    disk.read(0, 512, done, abort.signal);
    abort.abort();
    gate.reject(new Error('late'));
    await settle();
    expect(done).not.toHaveBeenCalled();
    disk.retry();
    expect(source).toHaveBeenCalledOnce();
  });

  it('keeps the bound on its memory', async () => {
    const disk = createDisk({ cacheBytes: chunkBytes * 2 });
    for (let index = 0; index < 6; index++) await read(disk, index * chunkBytes, 512);
    expect([0, 1, 2, 3, 4, 5].filter((index) => disk.peek(index * chunkBytes, 512) !== undefined)).toEqual([4, 5]);
  });

  it('refuses half sectors, places outside, and a state of another kind', () => {
    const disk = createDisk();
    expect(() => disk.write(100, new Uint8Array(512))).toThrow(RangeError);
    expect(() => disk.peek(byteLength - 512, 1024)).toThrow(RangeError);
    expect(() => disk.restore([1, new Uint32Array(2), new Uint8Array(2), new Uint8Array(4096)])).toThrow('cut short');
    expect(() => disk.restore('x')).toThrow('not an array');
  });
});

describe('as v86 sees it', () => {
  it('does not fetch the partition table when a state will be restored', () => {
    const source = vi.fn(async (index: number) => chunkOf(index));
    const disk = toV86Disk(createDisk({ source }), true, new PendingReads());
    const done = vi.fn();
    disk.get_and_cache(0, 512, done);
    expect(done).toHaveBeenCalledOnce();
    expect(disk.get_from_cache(0, 512)).toBeUndefined();
    expect(source).not.toHaveBeenCalled();
  });

  it('counts the reads that are under way, aborted ones no more', async () => {
    const pending = new PendingReads();
    const disk = toV86Disk(createDisk(), false, pending);
    const abort = new AbortController();
    disk.get(0, 512, () => undefined);
    disk.get(chunkBytes, 512, () => undefined, { signal: abort.signal });
    expect(pending.count).toBe(2);
    abort.abort();
    expect(pending.count).toBe(1);
    await settle();
    expect(pending.count).toBe(0);
  });
});
