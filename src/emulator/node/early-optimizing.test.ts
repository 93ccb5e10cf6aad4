/** Asks V8 itself what the code was compiled with: whether the compiler can be made to work early is V8's business, not in its documentation. */
import { setFlagsFromString } from 'node:v8';
import binaryen from 'binaryen';
import { expect, it } from 'vitest';
import { optimizeEarly } from '../core/hot-code/early-optimizing.ts';

setFlagsFromString('--allow-natives-syntax');
const isOptimized = new Function('run', 'return %IsTurboFanFunction(run)') as (run: unknown) => boolean;

/** Code as v86's JIT makes it: registers from memory, reads that may fail, the exit at the end. */
function compiledPage(): Uint8Array<ArrayBuffer> {
  const read = '(br_if $exit_block (i32.and (local.tee 1 (call $read (local.get 1) (i32.const 3))) (i32.const 1)))';
  const module = binaryen.parseText(`(module
    (import "e" "m" (memory 64))
    (import "e" "safe_read32s_slow_jit" (func $read (param i32 i32) (result i32)))
    (import "e" "exit_jit" (func $exit))
    (func (export "f") (param i32) (local i32)
      (local.set 1 (i32.load (i32.const 64)))
      (block $exit_block ${read.repeat(800)})
      (i32.store (i32.const 64) (local.get 1))
      (call $exit)))`);
  const bytes = Uint8Array.from(module.emitBinary());
  module.dispose();
  return bytes;
}

it("has the guest's own instance optimised, which it does not touch", async () => {
  const code = compiledPage();
  const memory = new WebAssembly.Memory({ initial: 64 });
  let calls = 0;
  const count = (): number => ++calls;
  const { instance } = await WebAssembly.instantiate(code, { e: { m: memory, safe_read32s_slow_jit: count, exit_jit: count } });
  const { f } = instance.exports;
  expect(isOptimized(f)).toBe(false);
  // However slow the machine is.
  optimizeEarly(code, () => 0);
  await expect.poll(() => isOptimized(f), { timeout: 10_000 }).toBe(true);
  expect(calls).toBe(0);
  expect(new Uint8Array(memory.buffer).every((byte) => byte === 0)).toBe(true);
});

it('gives up when it takes long, so that the guest is not held up', async () => {
  const code = compiledPage();
  let time = 0;
  optimizeEarly(code, () => (time += 40));
  expect(time).toBeLessThan(200);
});

it('leaves alone what is not code', () => {
  optimizeEarly(Uint8Array.of(1, 2, 3));
});
