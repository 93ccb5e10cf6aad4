/**
 * The guest's memory, of which pages may still be on their way.
 *
 * A machine is restored without its memory and runs once the first parts are in place; every other part is put in when
 * it arrives, or at the moment the guest touches one of its pages. Two roads lead to a page: the processor's, on which
 * the transformed v86.wasm asks before a page enters the TLB (vm-images/builder/emulator/missing-pages.ts), and the
 * devices', which read and write memory through the functions of v86's CPU object that are wrapped here.
 *
 * A part is put in once and as a whole, so that nothing the guest has written can be overwritten.
 */
import { DrydockError } from '../../../shared/errors.ts';
import type { EmulatorExports } from '../wasm.ts';
import type { CpuMemory } from '../v86-internals.ts';
import { isZeroPage, PageHashes } from './page-hash.ts';
import { pageBytes, type PageMap } from './page-map.ts';

export interface MissingParts {
  readonly map: PageMap;
  /**
   * The pages of a part in ascending order, one after the other; the guest stands still meanwhile. What it throws ends
   * the machine.
   */
  readNow(part: number): Uint8Array;
  /** Pages of a saved session: they are put in at once and stand for what the parts have in their place. */
  readonly own?: SavedMemory;
}

/** The memory of a machine apart from its state. */
export interface SavedMemory {
  /** Pages that are not zeros, ascending. */
  readonly pages: Uint32Array;
  /** Their contents in the same order. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Byte of the table of marks for a page whose part is not in place. */
const missingMark = 1;

export class GuestMemory {
  readonly #exports: EmulatorExports;
  readonly #cpu: CpuMemory;
  #missing: MissingParts | undefined;
  /** Parts not in place. */
  readonly #waiting = new Set<number>();
  #marksAddress = 0;
  /** What the parts have published, as far as they are in place. */
  #published = new PageHashes(0);
  /** 1: the page came with a session, whatever its part has. */
  #own = new Uint8Array();

  constructor(exports: EmulatorExports, cpu: CpuMemory) {
    this.#exports = exports;
    this.#cpu = cpu;
  }

  /** Whether pages may be missing while the machine runs: only with the transformed v86.wasm. */
  get canRunIncomplete(): boolean {
    return this.#exports.lazy !== undefined;
  }

  /** Declares the pages of all parts missing. Only in a machine that was restored and has not run since. */
  expect(missing: MissingParts): void {
    if (this.#missing !== undefined) throw new Error('the memory was declared missing before');
    this.#missing = missing;
    this.#published = new PageHashes(missing.map.partOf.length);
    this.#own = new Uint8Array(missing.map.partOf.length);
    if (missing.own !== undefined) {
      this.putBack(missing.own);
      for (const page of missing.own.pages) this.#own[page] = 1;
    }
    missing.map.pages.forEach((pages, index) => {
      if (pages.length > 0) this.#waiting.add(index + 1);
    });
    this.#cpu.watchDevices((start, end) => this.#ensure(start, end));
    // An address remembered across the restore would pass by the TLB.
    this.#cpu.clearTlb();
    const { lazy } = this.#exports;
    if (lazy === undefined) return;
    const { partOf } = missing.map;
    this.#marksAddress = lazy.allocate(partOf.length, 8);
    if (this.#marksAddress === 0) throw new DrydockError('memory-insufficient', { neededMiB: Math.ceil(this.#cpu.byteLength() / 2 ** 20) });
    this.#marks(partOf.length).set(partOf.map((part, page) => (part === 0 || this.#own[page] === 1 ? 0 : missingMark)));
    lazy.memory.value = this.#cpu.byteOffset();
    lazy.pages.value = partOf.length;
    lazy.missing.value = this.#marksAddress;
    this.#exports.onPageMissing((page) => this.#ensure(page * pageBytes, (page + 1) * pageBytes));
  }

  /** Puts a part in, unless it is there already. `bytes` are its pages in ascending order. */
  provide(part: number, bytes: Uint8Array): void {
    const pages = this.#missing?.map.pages[part - 1];
    if (pages === undefined || !this.#waiting.has(part)) return;
    if (bytes.length !== pages.length * pageBytes) {
      throw new DrydockError('state-unrestorable', { reason: `part ${part} of the memory has ${bytes.length} bytes, not ${pages.length * pageBytes}` });
    }
    const memory = this.#exports.bytes(this.#cpu.byteOffset(), this.#cpu.byteLength());
    const marks = this.canRunIncomplete ? this.#marks(this.#missing?.map.partOf.length ?? 0) : undefined;
    // Read as words, which have to lie on a multiple of their size.
    const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
    const words = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
    let source = 0;
    for (const page of pages) {
      this.#published.note(page, words, source / 4);
      if (this.#own[page] !== 1) memory.set(bytes.subarray(source, source + pageBytes), page * pageBytes);
      if (marks !== undefined) marks[page] = 0;
      source += pageBytes;
    }
    this.#waiting.delete(part);
    // From now on the page walk of the module is as fast as the original's.
    if (this.#waiting.size === 0 && this.#exports.lazy !== undefined) this.#exports.lazy.missing.value = 0;
  }

  /** Whether the part is in place. */
  has(part: number): boolean {
    return !this.#waiting.has(part);
  }

  /** Whether the page is in place. */
  hasPage(page: number): boolean {
    return !this.#isMissing(page);
  }

  /** Whether the page came with a session, so that it may hold anything. */
  isOwn(page: number): boolean {
    return this.#own[page] === 1;
  }

  /** The page as it is now; a view that must not be kept. */
  page(page: number): Uint8Array {
    return this.#exports.bytes(this.#cpu.byteOffset() + page * pageBytes, pageBytes);
  }

  /** Puts in whatever is missing, at once. */
  complete(): void {
    for (const part of this.#waiting) this.#fill(part);
  }

  /** Copies all pages that are not zeros, and makes them zeros until `putBack`. */
  takeOut(): SavedMemory {
    this.complete();
    const saved = this.#copy((_, words, start) => !isZeroPage(words, start));
    for (const page of saved.pages) this.page(page).fill(0);
    return saved;
  }

  /**
   * Copies the pages that are not as published: what a session has to keep. Pages whose part is not in place are as
   * published, since nothing has touched them.
   */
  copyChanges(): SavedMemory {
    const partOf = this.#missing?.map.partOf;
    return this.#copy((page, words, start) => {
      if (this.#isMissing(page)) return false;
      return (partOf?.[page] ?? 0) === 0 ? !isZeroPage(words, start) : !this.#published.matches(page, words, start);
    });
  }

  /** Copies the wanted pages; each is asked for with the memory in words and the word that it starts at. */
  #copy(wanted: (page: number, words: Uint32Array, start: number) => boolean): SavedMemory {
    const memory = this.#exports.bytes(this.#cpu.byteOffset(), this.#cpu.byteLength());
    const words = new Uint32Array(memory.buffer, memory.byteOffset, memory.length / 4);
    const pages: number[] = [];
    for (let page = 0; page * pageBytes < memory.length; page++) if (wanted(page, words, (page * pageBytes) / 4)) pages.push(page);
    const bytes = new Uint8Array(pages.length * pageBytes);
    pages.forEach((page, index) => bytes.set(memory.subarray(page * pageBytes, (page + 1) * pageBytes), index * pageBytes));
    return { pages: Uint32Array.from(pages), bytes };
  }

  /** Runs the function; a state that v86 saves meanwhile is without the memory. */
  leaveOut<Result>(save: () => Result): Result {
    return this.#cpu.leaveOut(save);
  }

  putBack({ pages, bytes }: SavedMemory): void {
    const memory = this.#exports.bytes(this.#cpu.byteOffset(), this.#cpu.byteLength());
    pages.forEach((page, index) => memory.set(bytes.subarray(index * pageBytes, (index + 1) * pageBytes), page * pageBytes));
  }

  /** Puts in the parts of the bytes from `start` to before `end`. */
  #ensure(start: number, end: number): void {
    const partOf = this.#missing?.map.partOf;
    if (partOf === undefined || this.#waiting.size === 0) return;
    for (let page = Math.floor(start / pageBytes); page * pageBytes < end; page++) {
      if (this.#isMissing(page)) this.#fill(partOf[page] ?? 0);
    }
  }

  #isMissing(page: number): boolean {
    const part = this.#missing?.map.partOf[page] ?? 0;
    return part !== 0 && this.#own[page] !== 1 && this.#waiting.has(part);
  }

  #fill(part: number): void {
    if (this.#missing !== undefined) this.provide(part, this.#missing.readNow(part));
  }

  #marks(length: number): Uint8Array {
    return this.#exports.bytes(this.#marksAddress, length);
  }
}
