import { zstdCompressSync } from 'node:zlib';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isDrydockError } from '../../shared/errors.ts';
import type { Chunked, Part } from '../../shared/manifest.ts';
import { sha256Hex } from '../../shared/sha256.ts';
import { chunkSource, isZeroChunk, loadChunked } from '../core/parts/chunks.ts';
import { createPartFetcher, type PartFetcher } from '../core/parts/part-fetcher.ts';
import { firstDifference } from '../core/testing/bytes.ts';
import { randomBytes } from '../core/testing/random.ts';
import { fileTransport } from './file-transport.ts';

const chunkBytes = 1000;
/** Three whole chunks, of which the second is zeros, and a short one. */
const content = randomBytes(3300, 1);
content.fill(0, chunkBytes, chunkBytes * 2);

let folder: string;
let chunked: Chunked;
let fetcher: PartFetcher;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drydock-chunks-'));
  fetcher = createPartFetcher({ transport: fileTransport(folder) });
  const chunks = [];
  for (let start = 0; start < content.length; start += chunkBytes) {
    chunks.push(start === chunkBytes ? null : await store(content.slice(start, start + chunkBytes)));
  }
  chunked = { bytes: content.length, chunkBytes, chunks };
});
afterAll(() => rm(folder, { recursive: true }));

async function store(raw: Uint8Array): Promise<Part> {
  const compressed = Uint8Array.from(zstdCompressSync(raw));
  const sha256 = await sha256Hex(compressed);
  await writeFile(join(folder, sha256), compressed);
  return { path: sha256, bytes: compressed.length, sha256 };
}

it('puts a chunked sequence together, zeros included, with progress to the end', async () => {
  const progress: number[] = [];
  let totalBytes = 0;
  const buffer = await loadChunked(chunked, fetcher, new AbortController().signal, (state) => {
    progress.push(state.receivedBytes);
    ({ totalBytes } = state);
  });
  expect(firstDifference(new Uint8Array(buffer), content)).toBe(-1);
  expect(progress.at(-1)).toBe(totalBytes);
  expect(totalBytes).toBe(chunked.chunks.reduce((sum, part) => sum + (part?.bytes ?? 0), 0));
});

it('gives single chunks, the last one short', async () => {
  const source = chunkSource(chunked, fetcher);
  const { signal } = new AbortController();
  expect(firstDifference(await source(3, signal), content.subarray(3000))).toBe(-1);
  expect(firstDifference(await source(1, signal), new Uint8Array(1000))).toBe(-1);
  expect([0, 1].map((index) => isZeroChunk(chunked, index))).toEqual([false, true]);
  await expect(source(4, signal)).rejects.toThrow(RangeError);
});

it('names the part that is missing', async () => {
  const broken = { ...chunked, chunks: [...chunked.chunks.slice(0, 3), { path: 'nowhere', bytes: 1, sha256: '' }] };
  const error: unknown = await loadChunked(broken, fetcher, new AbortController().signal, () => undefined).catch((reason: unknown) => reason);
  expect(isDrydockError(error, 'part-download-failed') && error.params).toMatchObject({ part: 'nowhere', attempts: 1 });
});

it('tells a part that does not unpack, or to another size, from one damaged on the way', async () => {
  const noise = randomBytes(500, 2);
  const sha256 = await sha256Hex(noise);
  await writeFile(join(folder, sha256), noise);
  for (const part of [{ path: sha256, bytes: 500, sha256 }, await store(content.slice(0, 10))]) {
    const source = chunkSource({ bytes: chunkBytes, chunkBytes, chunks: [part] }, fetcher);
    const error: unknown = await source(0, new AbortController().signal).catch((reason: unknown) => reason);
    expect(isDrydockError(error, 'part-invalid')).toBe(true);
  }
});
