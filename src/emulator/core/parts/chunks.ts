/** Chunked byte sequences of a manifest: the disk chunk by chunk, the saved state as a whole. */
import type { Chunked } from '../../../shared/manifest.ts';
import type { ChunkSource } from '../disk/chunk-cache.ts';
import type { PartFetcher } from './part-fetcher.ts';
import { decodeZstd } from './zstd.ts';

/** How far a download is, in bytes as served. */
export interface Progress {
  receivedBytes: number;
  totalBytes: number;
}

/** Fetches, checks and unpacks single chunks; those of zeros need not be asked for (`isZeroChunk`). */
export function chunkSource(chunked: Chunked, fetcher: PartFetcher): ChunkSource {
  return async (index, signal) => {
    const size = chunkSize(chunked, index);
    const part = chunked.chunks[index];
    if (part === undefined) throw new RangeError(`there is no chunk ${index}`);
    if (part === null) return new Uint8Array(size);
    return decodeZstd(part.path, await fetcher.fetch(part, { signal }), size);
  };
}

/** Whether the chunk is zeros throughout, with nothing to download. */
export function isZeroChunk(chunked: Chunked, index: number): boolean {
  return chunked.chunks[index] === null;
}

/**
 * Downloads all chunks at once and unpacks them in place: no more than the result and the chunks under way are in
 * memory. Rejects with the first failure and abandons the rest.
 */
export async function loadChunked(chunked: Chunked, fetcher: PartFetcher, signal: AbortSignal, onProgress: (progress: Progress) => void): Promise<ArrayBuffer> {
  const result = new Uint8Array(chunked.bytes);
  const received = chunked.chunks.map(() => 0);
  const totalBytes = downloadBytes(chunked);
  let receivedBytes = 0;
  const abandon = new AbortController();
  const either = AbortSignal.any([signal, abandon.signal]);
  const tasks = chunked.chunks.map(async (part, index) => {
    if (part === null) return;
    const compressed = await fetcher.fetch(part, {
      signal: either,
      onProgress(count) {
        receivedBytes += count - (received[index] ?? 0);
        received[index] = count;
        onProgress({ receivedBytes, totalBytes });
      },
    });
    result.set(await decodeZstd(part.path, compressed, chunkSize(chunked, index)), index * chunked.chunkBytes);
  });
  try {
    await Promise.all(tasks);
  } catch (error) {
    abandon.abort();
    await Promise.allSettled(tasks);
    throw error;
  }
  return result.buffer;
}

/** Bytes to download for all chunks. */
export function downloadBytes(chunked: Chunked): number {
  return chunked.chunks.reduce((sum, part) => sum + (part?.bytes ?? 0), 0);
}

function chunkSize(chunked: Chunked, index: number): number {
  return Math.min(chunked.chunkBytes, chunked.bytes - index * chunked.chunkBytes);
}
