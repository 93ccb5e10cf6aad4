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

/** v86 as it is seen from here: what was noted, and a compiler that is busy for as many questions as told. The code of a page is as long as its number. */
function emulator(busyQuestions = 0): { exports: HotCodeExports; noted: Block[] } {
  const noted: Block[] = [];
  const heat = new Map<number, number>();
  let code: Uint8Array<ArrayBuffer> | undefined;
  let questions = busyQuestions;
  return {
    noted,
    exports: {
      note(block) {
        noted.push(block);
        heat.set(block.physical >> 12, (heat.get(block.physical >> 12) ?? 0) + block.heat);
        if (heat.get(block.physical >> 12) === 200_000) code = new Uint8Array(block.physical >> 12);
      },
      reserveModules: () => undefined,
      compiling: () => questions-- > 0,
      lastCode: () => code,
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
  const options = { idle: async () => undefined, quiet: async () => undefined, optimize: () => undefined, pause: async () => undefined, signal: new AbortController().signal };

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
    // Before and after each page, and twice more for the compiler.
    expect(idled).toBe(6);
  });

  it('waits until nobody uses the guest, before every page', async () => {
    const { exports, noted } = emulator();
    const seen: number[] = [];
    await compileAhead({ ...options, pages: [page(1, 0), page(2, 0)], exports, ready: () => true, quiet: async () => void seen.push(noted.length) });
    expect(seen).toEqual([0, 1]);
  });

  it('has what it compiled optimised, at the pace of the optimising compiler, but nothing that the guest had compiled before', async () => {
    const pages = [page(3000, 0), page(1, 0), page(5000, 0)];
    const { exports } = emulator();
    noteHotCode(pages, exports);
    // The guest comes to the second page by itself.
    exports.note({ virtual: 0xc0001000, physical: 0x1000, flags: 3, heat: 500 });
    const done: string[] = [];
    await compileAhead({
      ...options,
      pages,
      exports,
      ready: () => true,
      optimize: (code) => void done.push(`code of ${code.length}`),
      pause: async (milliseconds) => void done.push(`${milliseconds} ms`),
    });
    expect(done).toEqual(['code of 3000', '3 ms', 'code of 5000', '5 ms']);
  });

  it('ends when told, before it compiles another page', async () => {
    const stop = new AbortController();
    const { exports, noted } = emulator();
    const idle = async (): Promise<void> => {
      if (noted.length === 1) stop.abort();
    };
    expect(await compileAhead({ ...options, pages: [page(1, 0), page(2, 0), page(3, 0)], exports, ready: () => true, idle, signal: stop.signal })).toBe(1);
    expect(noted).toHaveLength(1);
  });
});
