/**
 * Cuts what the browser will download into parts: compressed, named by their hash, with sizes and hashes for the manifest.
 */
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Chunked, Packed, Part } from '../../../src/shared/manifest.ts';
import { sha256 } from '../debian/download.ts';
import { inParallel } from '../in-parallel.ts';
import { writeFileAtomically } from '../paths.ts';
import { zstd } from '../zstd.ts';

/** zlib runs in the thread pool; more in flight than cores keeps it fed while chunks are being cut. */
export const partsInFlight = 4;

export interface ChunkOptions {
  /** Size before compression. */
  readonly chunkBytes: number;
  /** zstd level, 1 to 22. */
  readonly level: number;
  readonly onProgress: (doneBytes: number) => void;
}

/**
 * Publishes the chunks in order; `null` stands for a chunk of zeros.
 *
 * @param bytes size of the whole before compression
 */
export async function publishChunks(
  folder: string,
  subfolder: string,
  bytes: number,
  chunks: Iterable<Uint8Array | null>,
  options: ChunkOptions,
): Promise<Chunked> {
  const parts: (Part | null)[] = [];
  let done = 0;
  await inParallel(chunks, partsInFlight, async (chunk, at) => {
    parts[at] = null;
    if (chunk !== null) parts[at] = await compressPart(folder, subfolder, chunk, options.level);
    done += Math.min(options.chunkBytes, bytes - at * options.chunkBytes);
    options.onProgress(done);
  });
  return { bytes, chunkBytes: options.chunkBytes, chunks: parts };
}

/** Publishes the bytes as one compressed part: `<folder>/<subfolder>/<hash>.zst`, unless it is there already. */
export async function compressPart(folder: string, subfolder: string, chunk: Uint8Array, level: number): Promise<Part> {
  const bytes = await zstd(chunk, level);
  const hash = sha256(bytes);
  const path = `${subfolder}/${hash.slice(0, 32)}.zst`;
  const target = join(folder, path);
  await mkdir(join(folder, subfolder), { recursive: true });
  const existing = await stat(target).catch(() => undefined);
  if (existing?.size !== bytes.length) await writeFileAtomically(target, bytes);
  return { path, bytes: bytes.length, sha256: hash };
}

/** The same, with its size before. */
export async function publishPacked(folder: string, subfolder: string, bytes: Uint8Array, level: number): Promise<Packed> {
  return { bytes: bytes.length, part: await compressPart(folder, subfolder, bytes, level) };
}

/** Cuts a buffer into chunks without copying. */
export function* cut(bytes: Uint8Array, chunkBytes: number): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += chunkBytes) yield bytes.subarray(start, start + chunkBytes);
}
