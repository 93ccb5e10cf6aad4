/** Downloads the memory of an image: first what must be there when the machine starts, then what it will need soon. */
import type { MemoryParts } from '../../../shared/manifest.ts';
import type { Progress } from '../parts/chunks.ts';
import type { PartFetcher } from '../parts/part-fetcher.ts';
import type { PartReader } from '../parts/part-reader.ts';
import { decodeZstd, type Unpack } from '../parts/zstd.ts';
import type { GuestMemory } from './guest-memory.ts';
import { createPageMap, decodePageMap, pageBytes, type PageMap } from './page-map.ts';

export interface LoadedMemory {
  readonly map: PageMap;
  /** The parts to begin with, in order, unpacked. */
  readonly start: readonly Uint8Array[];
}

/** Bytes to download before the machine can run. */
export function startBytes(memory: MemoryParts): number {
  return [memory.map, ...memory.parts.slice(0, memory.startParts)].reduce((sum, part) => sum + part.bytes, 0);
}

/** Rejects as `PartFetcher` does, or with `part-invalid`. */
export async function loadStart(
  memory: MemoryParts,
  memoryBytes: number,
  fetcher: PartFetcher,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<LoadedMemory> {
  const totalBytes = startBytes(memory);
  const received = new Map<string, number>();
  const get = (part: MemoryParts['map']): Promise<Uint8Array> =>
    fetcher.fetch(part, {
      signal,
      onProgress(count) {
        received.set(part.path, count);
        onProgress({ receivedBytes: [...received.values()].reduce((sum, bytes) => sum + bytes, 0), totalBytes });
      },
    });
  const packed = memory.parts.slice(0, memory.startParts).map(get);
  // Whichever fails first is reported; the others are the caller's to abandon.
  for (const download of packed) download.catch(() => undefined);
  const map = createPageMap(decodePageMap(await decodeZstd(memory.map.path, await get(memory.map), (memoryBytes / pageBytes) * 2)), memory.parts.length);
  const start = await Promise.all(packed.map(async (download, index) => decodeZstd(nameOf(memory, index + 1), await download, sizeOf(map, index + 1))));
  return { map, start };
}

/**
 * Puts in what a first container needs, part after part in the order of first use, so that the guest seldom has to wait
 * for it. Ends early at the first failure: what is missing then comes when the guest touches it.
 */
export async function loadAhead(memory: MemoryParts, map: PageMap, into: Pick<GuestMemory, 'has' | 'provide'>, fetcher: PartFetcher, signal: AbortSignal): Promise<void> {
  const first = memory.startParts + 1;
  const last = memory.startParts + memory.aheadParts;
  const downloads = new Map<number, Promise<Uint8Array>>();
  const begin = (number: number): void => {
    const part = memory.parts[number - 1];
    if (number > last || part === undefined || into.has(number)) return;
    const download = fetcher.fetch(part, { signal });
    download.catch(() => undefined);
    downloads.set(number, download);
  };
  for (let number = first; number < first + partsInFlight; number++) begin(number);
  for (let number = first; number <= last; number++) {
    const packed = await downloads.get(number);
    downloads.delete(number);
    begin(number + partsInFlight);
    if (packed === undefined || into.has(number)) continue;
    const bytes = await decodeZstd(nameOf(memory, number), packed, sizeOf(map, number));
    signal.throwIfAborted();
    into.provide(number, bytes);
  }
}

/** Enough to keep a connection busy; the parts should come in their order. */
const partsInFlight = 3;

/** Gets a part at once, for `MissingParts.readNow`. */
export function partNow(memory: MemoryParts, map: PageMap, reader: PartReader, unpack: Unpack): (number: number) => Uint8Array {
  return (number) => {
    const part = memory.parts[number - 1];
    if (part === undefined) throw new RangeError(`there is no part ${number} of the memory`);
    return unpack(part.path, reader(part), sizeOf(map, number));
  };
}

function nameOf(memory: MemoryParts, number: number): string {
  return memory.parts[number - 1]?.path ?? `part ${number} of the memory`;
}

function sizeOf(map: PageMap, number: number): number {
  return (map.pages[number - 1]?.length ?? 0) * pageBytes;
}
