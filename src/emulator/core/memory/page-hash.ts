/**
 * A fingerprint of a page, to tell without a copy of it whether the guest has changed it.
 *
 * 64 bits, not made to withstand anyone: over all pages of a machine a mistake by chance is less likely than a fault of
 * the memory chip. SHA-256 of half a gigabyte would take a minute without `crypto.subtle`, this takes less than a second.
 */
import { pageBytes } from './page-map.ts';

const wordsOfPage = pageBytes / 4;

/** Whether the page that starts at the word is zeros. */
export function isZeroPage(words: Uint32Array, start: number): boolean {
  for (let at = start; at < start + wordsOfPage; at++) if (words[at] !== 0) return false;
  return true;
}

/** Fingerprints of the pages of one memory. */
export class PageHashes {
  readonly #low: Uint32Array;
  readonly #high: Uint32Array;
  readonly #known: Uint8Array;

  constructor(pageCount: number) {
    this.#low = new Uint32Array(pageCount);
    this.#high = new Uint32Array(pageCount);
    this.#known = new Uint8Array(pageCount);
  }

  /** Keeps the fingerprint of the page, whose content begins at the word. */
  note(page: number, words: Uint32Array, start: number): void {
    const [low, high] = hash(words, start);
    this.#low[page] = low;
    this.#high[page] = high;
    this.#known[page] = 1;
  }

  /** Whether the content at the word is what was noted. A page that was not noted is not. */
  matches(page: number, words: Uint32Array, start: number): boolean {
    if (this.#known[page] !== 1) return false;
    const [low, high] = hash(words, start);
    return this.#low[page] === low && this.#high[page] === high;
  }
}

function hash(words: Uint32Array, start: number): [low: number, high: number] {
  let low = 0x243f6a88;
  let high = 0x85a308d3;
  for (let at = start; at < start + wordsOfPage; at++) {
    const word = words[at] ?? 0;
    low = Math.imul((low ^ word) >>> 0, 0x9e3779b1);
    low ^= low >>> 15;
    high = (Math.imul(high, 0x85ebca77) + word) | 0;
    high = (high << 13) | (high >>> 19);
  }
  return [low >>> 0, high >>> 0];
}
