/** Cuts the saved memory into parts in the order in which the guest will need them. */
import { Buffer } from 'node:buffer';
import { encodePageMap, pageBytes } from '../../../src/emulator/core/memory/page-map.ts';
import type { SavedMemory } from '../../../src/emulator/core/memory/guest-memory.ts';
import type { MemoryParts, Part } from '../../../src/shared/manifest.ts';
import { inParallel } from '../in-parallel.ts';
import { machineParameters, memoryPartBytes } from './parameters.ts';
import { compressPart, partsInFlight } from './publish.ts';
import type { PageTrace } from './trace.ts';

/**
 * @param level of zstd
 * @param onProgress how many pages of how many are done
 */
export async function publishMemory(
  folder: string,
  memory: SavedMemory,
  trace: PageTrace,
  level: number,
  onProgress: (done: number, total: number) => void,
): Promise<MemoryParts> {
  const groups = arrange(memory, trace);
  const partOf = new Uint16Array(machineParameters.memoryBytes / pageBytes);
  const indexOf = new Map([...memory.pages].map((page, index) => [page, index]));
  const parts: Part[] = [];
  let done = 0;
  await inParallel([...groups.start, ...groups.ahead, ...groups.rest], partsInFlight, async (pages, at) => {
    for (const page of pages) partOf[page] = at + 1;
    const content = Buffer.concat(pages.map((page) => pageAt(memory, indexOf.get(page) ?? 0)));
    parts[at] = await compressPart(folder, 'memory', content, level);
    done += pages.length;
    onProgress(done, memory.pages.length);
  });
  return {
    map: await compressPart(folder, 'memory', encodePageMap(partOf), level),
    parts,
    startParts: groups.start.length,
    aheadParts: groups.ahead.length,
  };
}

/** Lists of pages, each ascending as a part must have them. */
function arrange(memory: SavedMemory, trace: PageTrace): Record<'start' | 'ahead' | 'rest', number[][]> {
  const traced = new Set([...trace.start, ...trace.ahead]);
  return {
    start: inParts(trace.start, memoryPartBytes.start),
    ahead: inParts(trace.ahead, memoryPartBytes.ahead),
    rest: inParts([...memory.pages].filter((page) => !traced.has(page)), memoryPartBytes.rest),
  };
}

function inParts(pages: readonly number[], bytes: number): number[][] {
  const size = bytes / pageBytes;
  const count = Math.ceil(pages.length / size);
  return Array.from({ length: count }, (_, index) => pages.slice(index * size, (index + 1) * size).sort((a, b) => a - b));
}

function pageAt(memory: SavedMemory, index: number): Uint8Array {
  return memory.bytes.subarray(index * pageBytes, (index + 1) * pageBytes);
}
