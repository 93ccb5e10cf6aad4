/** The modules that v86's JIT makes, on their way to the browser's compiler. */
import { splitPage } from './split-page.ts';

/** Reserves memory of v86.wasm for good; returns its address, 0 if there is none. */
export type Allocate = (bytes: number, alignment: number) => number;

export interface JitStats {
  /** Modules compiled, and their bytes as the JIT made them. */
  jitCompiles: number;
  jitBytes: number;
  /** Of the modules those that were to be cut into parts and could not be: see split-page.ts. */
  jitUncut: number;
}

/** More than the largest module seen, of 140 KB. */
const roomBytes = 512 * 1024;

export class JitModules {
  readonly #stats: JitStats = { jitCompiles: 0, jitBytes: 0, jitUncut: 0 };
  #memory: WebAssembly.Memory | undefined;
  #allocate: Allocate | undefined;
  #room: number | undefined;
  #last: Uint8Array<ArrayBuffer> | undefined;
  #ahead = false;

  get stats(): Readonly<JitStats> {
    return this.#stats;
  }

  /** The WebAssembly that was compiled last; the same array until another one is. */
  get last(): Uint8Array<ArrayBuffer> | undefined {
    return this.#last;
  }

  /** Once v86.wasm is linked; without `allocate`, as in the original v86.wasm, modules stay as they are. */
  attach(memory: WebAssembly.Memory, allocate: Allocate | undefined): void {
    this.#memory = memory;
    this.#allocate = allocate;
  }

  /** What `work` has compiled is not cut: it is given to the optimising compiler at once, which makes quicker code of a page in one piece. */
  keepWhole(work: () => void): void {
    this.#ahead = true;
    try {
      work();
    } finally {
      this.#ahead = false;
    }
  }

  /** @param finalize v86's own import `codegen_finalize`. @returns what takes its place */
  finalizer(finalize: (...parameters: number[]) => unknown): (index: number, start: number, flags: number, pointer: number, length: number) => void {
    return (index, start, flags, pointer, length) => {
      this.#stats.jitCompiles += 1;
      this.#stats.jitBytes += length >>> 0;
      // A copy: the JIT uses the place again.
      this.#last = this.#memory && new Uint8Array(this.#memory.buffer, pointer >>> 0, length >>> 0).slice();
      if (this.#ahead) {
        finalize(index, start, flags, pointer, length);
        return;
      }
      const parts = this.#last && splitPage(this.#last);
      const place = parts && this.#place(parts);
      if (parts === undefined || place === undefined) {
        this.#stats.jitUncut += 1;
        finalize(index, start, flags, pointer, length);
        return;
      }
      this.#last = parts;
      finalize(index, start, flags, place, parts.length);
    };
  }

  /** Puts code of ours into the memory of v86.wasm, since v86 compiles only what lies there, until the next. Undefined if there is no room. */
  #place(code: Uint8Array<ArrayBuffer>): number | undefined {
    if (this.#memory === undefined || code.length > roomBytes) return undefined;
    this.#room ??= this.#allocate?.(roomBytes, 16) ?? 0;
    if (this.#room === 0) return undefined;
    new Uint8Array(this.#memory.buffer, this.#room, code.length).set(code);
    return this.#room;
  }
}
