/** Adds up which code a guest runs: instructions by the block they began in, page by page. */
import type { HotPage } from '../../../src/emulator/core/hot-code/hot-code.ts';
import { pageBytes } from '../../../src/emulator/core/memory/page-map.ts';

/** Pages in which fewer instructions were executed are not worth a module: compiling one takes as long as 100,000 of them. */
const worthwhileInstructions = 20_000;
/** A block that has less than this share of its page is left to the interpreter, so that the module stays small. */
const worthwhileShare = 1 / 2000;
/** v86 compiles no block that begins in the last bytes of a page (is_near_end_of_page in src/rust/jit.rs). */
const lastEntry = pageBytes - 16;

interface RecordedPage {
  readonly page: number;
  readonly flags: number;
  /** Instructions by the offset of the block they began in. */
  readonly blocks: Float64Array;
}

export class CodeRecorder {
  /** By page and flags. */
  readonly #pages = new Map<number, RecordedPage>();
  #last: RecordedPage | undefined;

  /** For `MachineOptions.recordCode`. Called for every block, hence the shortcut for another one in the same page. */
  readonly record = (physical: number, flags: number, instructions: number): void => {
    const page = physical >>> 12;
    if (this.#last?.page !== page || this.#last.flags !== flags) this.#last = this.#pageOf(page, flags);
    const offset = physical & (pageBytes - 1);
    this.#last.blocks[offset] = (this.#last.blocks[offset] ?? 0) + instructions;
  };

  /** What is worth compiling, hottest first. @param stable whether a page is the same code each time the state is restored */
  hotPages(stable: (page: number) => boolean): HotPage[] {
    const pages = [...this.#pages.values()].map((recorded) => ({ ...recorded, instructions: recorded.blocks.reduce((sum, block) => sum + block, 0) }));
    return pages
      .filter(({ page, instructions }) => instructions >= worthwhileInstructions && stable(page))
      .sort((a, b) => b.instructions - a.instructions)
      .map(({ page, flags, instructions, blocks }) => ({ page, flags, entries: entriesOf(blocks, instructions * worthwhileShare) }))
      .filter(({ entries }) => entries.length > 0);
  }

  #pageOf(page: number, flags: number): RecordedPage {
    const key = page * 256 + flags;
    let recorded = this.#pages.get(key);
    if (recorded === undefined) {
      recorded = { page, flags, blocks: new Float64Array(pageBytes) };
      this.#pages.set(key, recorded);
    }
    return recorded;
  }
}

function entriesOf(blocks: Float64Array, least: number): Uint16Array {
  const entries: number[] = [];
  blocks.forEach((instructions, offset) => {
    if (instructions >= least && instructions > 0 && offset < lastEntry) entries.push(offset);
  });
  return Uint16Array.from(entries);
}
