/**
 * Instructions executed by the guest, as a number that only grows.
 *
 * v86 counts in 32 bits. At up to 140 million instructions a second that wraps after 30 s, so `sample` has to be
 * called more often than that. It also starts from 0 again when the guest resets its processor, as the BIOS does.
 */

/** Safe at ten times the fastest rate seen. */
export const sampleMilliseconds = 2000;

/** More than this between two samples cannot have been executed: the counter was reset. */
const implausibleAdvance = 2 ** 31;

export class InstructionCounter {
  readonly #read: () => number;
  #last: number;
  #total = 0;

  /** `read` gives v86's counter, 0 to 2^32 - 1. Counting starts at 0, whatever it gives now. */
  constructor(read: () => number) {
    this.#read = read;
    this.#last = read();
  }

  sample(): number {
    const now = this.#read();
    const advance = (now - this.#last) >>> 0;
    this.#total += advance < implausibleAdvance ? advance : now;
    this.#last = now;
    return this.#total;
  }
}
