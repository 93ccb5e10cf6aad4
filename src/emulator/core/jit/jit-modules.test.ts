import { expect, it } from 'vitest';
import { jitModule, type SegmentCode } from '../testing/jit-module.ts';
import { JitModules } from './jit-modules.ts';
import { op } from './wasm-binary.ts';

/** More than a part. */
const long: SegmentCode = ({ out }) => {
  for (let times = 0; times < 1000; times++) out.indexed(op.localGet, 9).constant(1).put(op.i32Add).indexed(op.localSet, 9);
};
const page = jitModule({ segments: [long, long], entries: [1], table: true, limit: 100 });
const pagePlace = 1024;

/** v86 with the page in its memory, and what it is given to compile. */
function emulator(room: number) {
  const memory = new WebAssembly.Memory({ initial: 16 });
  new Uint8Array(memory.buffer).set(page, pagePlace);
  const jit = new JitModules();
  const compiled: { place: number; code: Uint8Array }[] = [];
  const finalize = jit.finalizer((_index = 0, _start = 0, _flags = 0, place = 0, length = 0) => compiled.push({ place, code: new Uint8Array(memory.buffer, place, length).slice() }));
  jit.attach(memory, () => room);
  return { jit, compiled, finalize: () => finalize(1, 2, 3, pagePlace, page.length) };
}

it('has a page compiled in parts, from a place of its own', async () => {
  const { jit, compiled, finalize } = emulator(65_536);
  finalize();
  expect(compiled).toEqual([{ place: 65_536, code: jit.last }]);
  expect(WebAssembly.validate(compiled[0]?.code as Uint8Array<ArrayBuffer>)).toBe(true);
  expect(jit.last).not.toEqual(page);
  expect(jit.stats).toEqual({ jitCompiles: 1, jitBytes: page.length, jitUncut: 0 });
});

it('leaves whole what it is told to keep whole, and only that', () => {
  const { jit, compiled, finalize } = emulator(65_536);
  jit.keepWhole(finalize);
  expect(compiled).toEqual([{ place: pagePlace, code: page }]);
  expect(jit.last).toEqual(page);
  expect(jit.stats.jitUncut).toBe(0);
  const failing = (): void => {
    throw new Error('the emulator broke down');
  };
  expect(() => jit.keepWhole(failing)).toThrow('broke down');
  finalize();
  expect(compiled[1]?.place).toBe(65_536);
});

it('has a page compiled as it is where there is no room for parts', () => {
  const { jit, compiled, finalize } = emulator(0);
  finalize();
  expect(compiled).toEqual([{ place: pagePlace, code: page }]);
  expect(jit.stats.jitUncut).toBe(1);
});
