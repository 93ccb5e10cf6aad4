import { describe, expect, it, vi } from 'vitest';
import { concatBytes, decodeUtf8, encodeUtf8 } from '../../shared/bytes.ts';
import type { ByteRange } from '../http/range.ts';
import { siteBlobs, type Fetch } from './site-blobs.ts';

const file = encodeUtf8('0123456789');
const { signal } = new AbortController();

/** A static site with one file, sent three bytes at a time. */
function site(knowsRanges = true) {
  const seen: { url: string; range: string | undefined }[] = [];
  let cancelled = 0;
  const fetchFile: Fetch = async (url, { headers }) => {
    const range = headers['Range'];
    seen.push({ url, range });
    if (!url.endsWith('/abc')) return { status: 404, body: null };
    const [, start = '0', end = '9'] = (knowsRanges && /bytes=(\d+)-(\d+)/.exec(range ?? '')) || [];
    let at = Number(start);
    const stop = Number(end) + 1;
    return {
      status: knowsRanges && range !== undefined ? 206 : 200,
      body: {
        getReader: () => ({
          async read() {
            if (at >= stop) return { done: true };
            return { done: false, value: file.subarray(at, (at = Math.min(at + 3, stop))) };
          },
          async cancel() {
            cancelled++;
          },
        }),
      },
    };
  };
  const read = async (range?: ByteRange, hex = 'abc') => {
    const parts: Uint8Array[] = [];
    for await (const part of siteBlobs('https://site.example/registry/', fetchFile)(hex, { signal, ...(range && { range }) })) parts.push(part);
    return decodeUtf8(concatBytes(parts));
  };
  return { seen, read, cancelled: () => cancelled, fetchFile };
}

/** A site that says nothing more after so many pieces, or nothing at all. */
function halting(pieces: number | undefined) {
  const signals: { aborted: boolean }[] = [];
  let sent = 0;
  const fetchFile: Fetch = async (_, init) => {
    signals.push(init.signal);
    if (pieces === undefined) return new Promise(() => undefined);
    return { status: 200, body: { getReader: () => ({ read: async () => (sent++ < pieces ? { done: false, value: file.subarray(0, 3) } : new Promise(() => undefined)), cancel: async () => undefined }) } };
  };
  return { fetchFile, signals };
}

describe('siteBlobs', () => {
  it('reads a whole file without asking for a range', async () => {
    const { read, seen } = site();
    expect(await read()).toBe('0123456789');
    expect(await read({ start: 0, end: 10 })).toBe('0123456789');
    expect(seen).toEqual(Array(2).fill({ url: 'https://site.example/registry/blobs/abc', range: undefined }));
  });

  it.each([true, false])('reads a part of one, whether the server knows ranges (%s) or not', async (knowsRanges) => {
    const { read, cancelled } = site(knowsRanges);
    expect(await read({ start: 4, end: 9 })).toBe('45678');
    expect(await read({ start: 0, end: 2 })).toBe('01');
    expect(cancelled()).toBe(2);
  });

  it('says when there is no such file', async () => {
    await expect(site().read(undefined, 'none')).rejects.toThrow('404');
  });

  it('gives up a download that stands still, at its beginning or later, but not for a guest that takes its time', async () => {
    vi.useFakeTimers();
    try {
      for (const pieces of [undefined, 0, 2]) {
        const { fetchFile, signals } = halting(pieces);
        const outcome = (async () => {
          for await (const piece of siteBlobs('https://site.example/registry/', fetchFile)('abc', { signal })) {
            expect(piece.length).toBe(3);
            await new Promise<void>((resolve) => void setTimeout(resolve, 600_000));
          }
        })().catch(String);
        await vi.advanceTimersByTimeAsync((pieces ?? 0) * 600_000 + 14_999);
        expect(signals[0]?.aborted).toBe(false);
        await vi.advanceTimersByTimeAsync(1);
        expect(await outcome).toContain('no data');
        expect(signals[0]?.aborted).toBe(true);
      }
    } finally {
      vi.useRealTimers();
    }
  });

  it('stops the download when nobody wants more', async () => {
    const { fetchFile, cancelled } = site();
    for await (const piece of siteBlobs('https://site.example/registry/', fetchFile)('abc', { signal })) {
      expect(piece.length).toBe(3);
      break;
    }
    expect(cancelled()).toBe(1);
  });
});
