/**
 * Has the code compiled that the guest is going to run, before it runs it or as soon as it begins to.
 *
 * Left to itself, v86 interprets a page until it has executed 200,000 instructions in it; a first `docker run` gets few
 * pages there and ends before they pay. Two things are done about it, neither visible to the guest:
 *
 * - Every known page is noted with all its entries, the hottest as nearly hot. That costs microseconds, and the page is
 *   compiled when the guest comes to it.
 * - While the guest idles, which it mostly does while its learner reads, pages are compiled ahead of use, hottest first,
 *   and given to the browser's optimising compiler (early-optimizing.ts).
 */
import type { HotCodeExports } from '../wasm.ts';
import type { HotPage } from './hot-code.ts';
import { pageBytes } from '../memory/page-map.ts';

/** JIT_THRESHOLD in src/rust/jit.rs. */
const compilingHeat = 200_000;
/** What the guest must still execute in a page of the hottest: enough to tell that it has come to it. */
const hottestRemain = 500;
/** In another one, hardly less than if it had not been noted: who types at once should not wait for hundreds of pages to be compiled twice over. */
const othersRemain = 190_000;
const hottestPages = 150;
/** Where Linux (i386) maps the memory linearly: there is an address for every page, whatever process runs. */
const directMap = 0xc0000000;
/** Of memory so mapped; what lies beyond is reached otherwise (HIGHMEM). */
const directMapBytes = 0x38000000;
/** How long the optimising compiler needs for the code of a page, in milliseconds per byte: pages are given to it at that pace. */
const optimizingMillisecondsPerByte = 1 / 1000;

/** Compiled modules v86 may hold. Its own limit, 900, is fewer than two containers need; beyond it everything is thrown away. */
export const moduleLimit = 6000;

/**
 * Of the recorded pages so many, the hottest, are compiled early. With all 1,500 the browser's optimising compiler, which
 * compiles every page again that is entered some hundred times, has no time for the others on two cores: see docs/performance.md.
 */
export const earlyPages = 600;

/** Notes all pages, those to be compiled ahead. Their content need not be in place yet. */
export function noteHotCode(pages: readonly HotPage[], exports: HotCodeExports): void {
  pages.forEach((page, rank) => {
    if (isMapped(page)) note(exports, page, compilingHeat - remaining(rank));
  });
}

export interface CompileAheadOptions {
  /** As noted. */
  readonly pages: readonly HotPage[];
  readonly exports: HotCodeExports;
  /** Whether the page's content is in place. */
  ready(page: number): boolean;
  /** Resolves when the guest has nothing to do. */
  idle(): Promise<void>;
  /** Resolves when it has had next to nothing to do for a while: nobody waits for a command. */
  quiet(): Promise<void>;
  /** Has the browser compile the code as well as it can. */
  optimize(code: Uint8Array<ArrayBuffer>): void;
  pause(milliseconds: number): Promise<void>;
  /** Ends the pass. */
  readonly signal: AbortSignal;
}

/** Compiles noted pages in their order while the guest is quiet. Resolves to how many, early when the signal says so. */
export async function compileAhead(options: CompileAheadOptions): Promise<number> {
  const { pages, exports, signal } = options;
  const compilerIdle = async (): Promise<void> => {
    do await options.idle();
    while (!signal.aborted && exports.compiling());
  };
  let compiled = 0;
  for (const [rank, page] of pages.entries()) {
    if (!isMapped(page) || !options.ready(page.page)) continue;
    await options.quiet();
    await compilerIdle();
    if (signal.aborted) break;
    const before = exports.lastCode();
    note(exports, page, remaining(rank));
    compiled++;
    await compilerIdle();
    const code = exports.lastCode();
    // The same as before where the guest has had the page compiled already.
    if (signal.aborted || code === undefined || code === before) continue;
    options.optimize(code);
    await options.pause(code.length * optimizingMillisecondsPerByte);
  }
  return compiled;
}

/** What the guest must execute in a page that was noted until it is compiled. */
function remaining(rank: number): number {
  return rank < hottestPages ? hottestRemain : othersRemain;
}

function isMapped({ page }: HotPage): boolean {
  return page * pageBytes < directMapBytes;
}

/** Notes the entries of a page; `heat` is the page's, all in all. */
function note(exports: HotCodeExports, { page, flags, entries }: HotPage, heat: number): void {
  const base = page * pageBytes;
  const last = entries.length - 1;
  entries.forEach((entry, index) => {
    exports.note({ virtual: directMap + base + entry, physical: base + entry, flags, heat: index === last ? heat : 0 });
  });
}
