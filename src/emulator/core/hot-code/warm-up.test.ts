import { describe, expect, it } from 'vitest';
import type { HotCodeExports } from '../wasm.ts';
import type { HotPage } from './hot-code.ts';
import { compileAhead, noteHotCode } from './warm-up.ts';

interface Block {
  virtual: number;
  physical: number;
  flags: number;
  heat: number;
}

/** v86 as it is seen from here: what was noted, and a compiler that is busy for as many questions as told. */
function emulator(busyQuestions = 0): { exports: HotCodeExports; noted: Block[] } {
  const noted: Block[] = [];
  let questions = busyQuestions;
  return {
    noted,
    exports: {
      note: (block) => void noted.push(block),
      reserveModules: () => undefined,
      compiling: () => questions-- > 0,
    },
  };
}

const page = (number: number, ...entries: number[]): HotPage => ({ page: number, flags: 3, entries: Uint16Array.from(entries) });
/** The first page that Linux does not map linearly on i386. */
const highPage = 0x38000000 / 4096;

describe('noteHotCode', () => {
  it('notes every entry, and the heat of the page once', () => {
    const { exports, noted } = emulator();
    noteHotCode([page(2, 0, 16)], exports);
    expect(noted.map(({ physical, virtual, flags }) => [physical, virtual, flags])).toEqual([
      [0x2000, 0xc0002000, 3],
      [0x2010, 0xc0002010, 3],
    ]);
    expect(noted[0]?.heat).toBe(0);
    // Nearly, not quite: reaching the threshold would compile the page at once.
    expect(noted[1]?.heat).toBeGreaterThan(190_000);
    expect(noted[1]?.heat).toBeLessThan(200_000);
  });

  it('leaves out what has no address in every process', () => {
    const { exports, noted } = emulator();
    noteHotCode([page(highPage, 0)], exports);
    expect(noted).toEqual([]);
  });
});

describe('compileAhead', () => {
  const options = { idle: async () => undefined, signal: new AbortController().signal };

  it('takes the pages in their order, together with what was noted past the threshold', async () => {
    const pages = [page(7, 1), page(5, 2)];
    const { exports, noted } = emulator();
    noteHotCode(pages, exports);
    expect(await compileAhead({ ...options, pages, exports, ready: () => true })).toBe(2);
    const heat = (number: number): number => noted.filter(({ physical }) => physical >> 12 === number).reduce((sum, block) => sum + block.heat, 0);
    expect(noted.slice(2).map(({ physical }) => physical)).toEqual([0x7001, 0x5002]);
    expect(heat(7)).toBe(200_000);
    expect(heat(5)).toBe(200_000);
  });

  it('leaves out pages whose content is not in place', async () => {
    const { exports, noted } = emulator();
    expect(await compileAhead({ ...options, pages: [page(1, 0), page(2, 0)], exports, ready: (number) => number === 2 })).toBe(1);
    expect(noted.map(({ physical }) => physical)).toEqual([0x2000]);
  });

  it('waits for an idle guest and for the compiler, again for every page', async () => {
    let idled = 0;
    const { exports } = emulator(2);
    await compileAhead({ ...options, pages: [page(1, 0), page(2, 0)], exports, ready: () => true, idle: async () => void idled++ });
    expect(idled).toBe(4);
  });

  it('ends when told, before it compiles another page', async () => {
    const stop = new AbortController();
    const { exports, noted } = emulator();
    const idle = async (): Promise<void> => {
      if (noted.length === 1) stop.abort();
    };
    expect(await compileAhead({ pages: [page(1, 0), page(2, 0), page(3, 0)], exports, ready: () => true, idle, signal: stop.signal })).toBe(1);
    expect(noted).toHaveLength(1);
  });
});
