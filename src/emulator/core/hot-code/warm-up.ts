/**
 * Has the code compiled that the guest is going to run, before it runs it or as soon as it begins to.
 *
 * Left to itself, v86 interprets a page until it has executed 200,000 instructions in it; a first `docker run` gets few
 * pages there and ends before they pay. Two things are done about it, neither visible to the guest:
 *
 * - Every known page is noted as nearly hot, with all its entries. That costs microseconds, and the page is compiled
 *   when the guest comes to it.
 * - While the guest idles, which it mostly does while its learner reads, pages are compiled ahead of use, hottest first.
 */
import type { HotCodeExports } from '../wasm.ts';
import type { HotPage } from './hot-code.ts';
import { pageBytes } from '../memory/page-map.ts';

/** JIT_THRESHOLD in src/rust/jit.rs. */
const compilingHeat = 200_000;
/** What the guest must still execute in a page that was noted: enough to tell that it has come to it. */
const remainingHeat = 500;
/** Where Linux (i386) maps the memory linearly: there is an address for every page, whatever process runs. */
const directMap = 0xc0000000;
/** Of memory so mapped; what lies beyond is reached otherwise (HIGHMEM). */
const directMapBytes = 0x38000000;

/** Compiled modules v86 may hold. Its own limit, 900, is fewer than two containers need; beyond it everything is thrown away. */
export const moduleLimit = 6000;

/**
 * Of the recorded pages so many, the hottest, are compiled early. With all 1,500 the browser's optimising compiler, which
 * compiles every page again that is entered some hundred times, has no time for the others on two cores: see docs/performance.md.
 */
export const earlyPages = 600;

/** Notes all pages as nearly hot. Their content need not be in place yet. */
export function noteHotCode(pages: readonly HotPage[], exports: HotCodeExports): void {
  for (const page of pages) if (isMapped(page)) note(exports, page, compilingHeat - remainingHeat);
}

export interface CompileAheadOptions {
  readonly pages: readonly HotPage[];
  readonly exports: HotCodeExports;
  /** Whether the page's content is in place. */
  ready(page: number): boolean;
  /** Resolves when the guest has nothing to do. */
  idle(): Promise<void>;
  /** Ends the pass. */
  readonly signal: AbortSignal;
}

/** Compiles noted pages in their order whenever the guest idles. Resolves to how many, early when the signal says so. */
export async function compileAhead(options: CompileAheadOptions): Promise<number> {
  const { pages, exports, signal } = options;
  let compiled = 0;
  for (const page of pages) {
    if (!isMapped(page) || !options.ready(page.page)) continue;
    do {
      await options.idle();
      if (signal.aborted) return compiled;
    } while (exports.compiling());
    note(exports, page, remainingHeat);
    compiled++;
  }
  return compiled;
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
