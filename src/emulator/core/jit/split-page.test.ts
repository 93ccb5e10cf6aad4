import { expect, test } from 'vitest';
import { randomIntegers } from '../testing/random.ts';
import { jitModule, type SegmentCode } from '../testing/jit-module.ts';
import { splitPage } from './split-page.ts';
import { emptyBlock, op, type WasmWriter } from './wasm-binary.ts';

const registersAddress = 64;
const instructionsAddress = 664;
/** What the functions of a module leave behind: registers, instructions, and which calls they made in which order. */
interface Outcome {
  readonly registers: readonly number[];
  readonly instructions: number;
  readonly calls: readonly number[];
}

async function run(module: Uint8Array<ArrayBuffer>, state: number, registers: readonly number[]): Promise<Outcome> {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const calls: number[] = [];
  const { instance } = await WebAssembly.instantiate(module, { e: { m: memory, exit_jit: () => calls.push(-1), trace: (value: number) => calls.push(value) } });
  const words = new Int32Array(memory.buffer);
  words.set(registers, registersAddress / 4);
  words[instructionsAddress / 4] = 7;
  const { f } = instance.exports;
  if (typeof f !== 'function') throw new Error('no f');
  Reflect.apply(f, undefined, [state]);
  // Twice: what one call leaves in globals must not matter to the next.
  Reflect.apply(f, undefined, [0]);
  return { registers: [...words.subarray(registersAddress / 4, registersAddress / 4 + 8)], instructions: words[instructionsAddress / 4] ?? 0, calls };
}

function splitOf(module: Uint8Array<ArrayBuffer>, partBytes: number): Uint8Array<ArrayBuffer> {
  const split = splitPage(module, partBytes);
  if (split === undefined) throw new Error('left as it is');
  return split;
}

/** Code as a page's may be: counts, computes, calls, and leaves for a later segment, for main with a state, or for an end. */
function randomSegment(below: (limit: number) => number, index: number, segments: number): SegmentCode {
  const register = (): number => 1 + below(8);
  const compute = (out: WasmWriter): void => {
    const target = register();
    out.indexed(op.localGet, register()).indexed(op.localGet, register()).put(op.i32Add).constant(below(100_000) - 50_000).put(op.i32Add).indexed(op.localSet, target);
  };
  const maybe = (out: WasmWriter, mask: number): void => void out.indexed(op.localGet, register()).constant(mask).put(op.i32And);
  return ({ out, to }) => {
    out.indexed(op.localGet, 9).constant(1 + below(9)).put(op.i32Add).indexed(op.localSet, 9);
    for (let step = below(6); step >= 0; step--) {
      compute(out);
      switch (below(8)) {
        case 0:
          out.indexed(op.localGet, register()).indexed(op.call, 1);
          break;
        case 1:
          // As a read that may fault.
          out.put(op.block, emptyBlock);
          out.indexed(op.localGet, register()).indexed(op.localTee, 10).constant(1).put(op.i32And, op.brIf, 0);
          maybe(out, 31);
          out.put(op.i32Eqz).indexed(op.brIf, to('fault', 1)).put(op.end);
          out.indexed(op.localGet, 10).indexed(op.localSet, register());
          break;
        case 2:
          maybe(out, 1);
          out.put(op.if, emptyBlock);
          compute(out);
          out.put(op.else).indexed(op.br, to(index > 0 ? below(index) : 'exit', 1)).put(op.end);
          break;
        case 3:
          if (index === 0) break;
          maybe(out, 3);
          out.put(op.brTable).unsigned(3);
          for (let label = 0; label < 4; label++) out.unsigned(to(below(index), 0));
          // What follows is never reached, which is allowed.
          break;
        case 4:
          // A local of one segment that another one may use.
          out.indexed(op.localGet, below(2) === 0 ? 11 : register()).indexed(op.localSet, below(2) === 0 ? 11 : register());
          break;
        case 5:
          maybe(out, 7);
          out.indexed(op.localSet, 0);
          maybe(out, 3);
          out.put(op.i32Eqz).indexed(op.brIf, to('main', 0));
          break;
        case 6:
          maybe(out, 63);
          out.put(op.i32Eqz).indexed(op.brIf, to('exit', 0));
          break;
        default:
      }
    }
    if (below(5) < 2) out.indexed(op.br, to(index > 0 ? below(index) : 'exit', 0));
    else if (index === 0) out.constant(below(segments)).indexed(op.localSet, 0).indexed(op.br, to('main', 0));
  };
}

test.each([1, 60, 300, 1000])('parts of %d bytes do what the page did', async (partBytes) => {
  for (let seed = 1; seed <= 30; seed++) {
    const below = randomIntegers(seed);
    const count = 2 + below(30);
    const segments = Array.from({ length: count }, (_, index) => randomSegment(below, index, count));
    const entries = Array.from({ length: 1 + below(9) }, () => below(count));
    const module = jitModule({ segments, entries, table: below(2) === 0, limit: 500 });
    const split = splitPage(module, partBytes);
    if (split === undefined) {
      // All of it fits into one part.
      expect(module.length).toBeLessThan(partBytes + 600);
      continue;
    }
    const registers = Array.from({ length: 8 }, () => below(2 ** 32) | 0);
    for (let state = 0; state < entries.length; state++) expect(await run(split, state, registers)).toEqual(await run(module, state, registers));
  }
});

const counting: SegmentCode = ({ out }) => void out.indexed(op.localGet, 9).constant(1).put(op.i32Add).indexed(op.localSet, 9);
const leaving: SegmentCode = (code) => {
  counting(code);
  code.out.indexed(op.br, code.to('exit', 0));
};

test('a function for every part, beside the one that is exported', async () => {
  const module = jitModule({ segments: [leaving, counting, counting], entries: [2], table: true, limit: 100 });
  const { calls, ...outcome } = await run(splitOf(module, 1), 0, [1, 2, 3, 4, 5, 6, 7, 8]);
  expect(outcome).toEqual({ registers: [1, 2, 3, 4, 5, 6, 7, 8], instructions: 7 + 2 * 3 });
  expect(calls).toEqual([]);
});

test('a return within the code ends the function as it is', async () => {
  const returning: SegmentCode = ({ out }) => void out.constant(5).indexed(op.call, 1).put(op.return);
  const module = jitModule({ segments: [leaving, returning, counting], entries: [2], table: false, limit: 100 });
  const outcome = await run(splitOf(module, 1), 0, [0, 0, 0, 0, 0, 0, 0, 0]);
  expect(outcome).toEqual({ registers: [0, 0, 0, 0, 0, 0, 0, 0], instructions: 7, calls: [5, 5] });
});

test('what is not as expected is left as it is', () => {
  const segments = [leaving, counting];
  const usesState: SegmentCode = ({ out }) => void out.indexed(op.localGet, 0).indexed(op.localSet, 1);
  const mainWithoutState: SegmentCode = ({ out, to }) => void out.indexed(op.br, to('main', 0));
  const unknown: SegmentCode = ({ out }) => void out.put(0xfd, 0x00);
  const options = { entries: [1], table: true, limit: 100 };
  expect(splitPage(jitModule({ ...options, segments }), 1)).toBeDefined();
  for (const odd of [usesState, mainWithoutState, unknown]) expect(splitPage(jitModule({ ...options, segments: [odd, counting] }), 1)).toBeUndefined();
  expect(splitPage(jitModule({ ...options, segments }), 10_000)).toBeUndefined();
  const module = jitModule({ ...options, segments });
  for (let end = 8; end < module.length; end += 7) expect(splitPage(module.slice(0, end), 1)).toBeUndefined();
  // The header alone is a module.
  expect(splitPage(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))).toBeUndefined();
});
