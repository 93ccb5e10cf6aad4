/**
 * Instantiates v86.wasm for the emulator and counts what its JIT does.
 *
 * v86 calls `wasm_fn` with its imports and never looks at a rejection, so that failures are reported beside it.
 */
import { DrydockError, reasonOf } from '../../shared/errors.ts';

export interface EmulatorWasm {
  /** For v86's option `wasm_fn`. */
  link: (imports: WebAssembly.Imports) => Promise<WebAssembly.Exports>;
  /** Rejects with `wasm-unavailable` or `memory-insufficient` when `link` fails; otherwise never settles. */
  failure: Promise<never>;
  /** Modules the JIT has compiled, their bytes, and the memory of the emulator in bytes. */
  stats: () => { jitCompiles: number; jitBytes: number; memoryBytes: number };
}

/** Compiles at once; rejects with `wasm-unavailable`. */
export async function instantiateEmulator(source: WebAssembly.Module | ArrayBuffer): Promise<EmulatorWasm> {
  const module = await compile(source);
  let jitCompiles = 0;
  let jitBytes = 0;
  let memory: WebAssembly.Memory | undefined;
  const { promise: failure, reject: fail } = Promise.withResolvers<never>();
  // Waited for only during the set-up: later it must not count as unhandled.
  failure.catch(() => undefined);
  return {
    failure,
    stats: () => ({ jitCompiles, jitBytes, memoryBytes: memory?.buffer.byteLength ?? 0 }),
    async link(imports) {
      const env = { ...imports['env'] };
      const finalize = env['codegen_finalize'];
      if (typeof finalize === 'function') {
        env['codegen_finalize'] = (index: number, start: number, flags: number, pointer: number, length: number): void => {
          jitCompiles += 1;
          jitBytes += length >>> 0;
          Reflect.apply(finalize, undefined, [index, start, flags, pointer, length]);
        };
      }
      try {
        const { exports } = await WebAssembly.instantiate(module, { ...imports, env });
        if (exports['memory'] instanceof WebAssembly.Memory) memory = exports['memory'];
        return exports;
      } catch (error) {
        fail(unavailable(error));
        return new Promise<never>(() => undefined);
      }
    },
  };
}

async function compile(source: WebAssembly.Module | ArrayBuffer): Promise<WebAssembly.Module> {
  if (typeof WebAssembly !== 'object') throw new DrydockError('wasm-unavailable', { reason: 'WebAssembly is turned off' });
  if (source instanceof WebAssembly.Module) return source;
  try {
    return await WebAssembly.compile(source);
  } catch (error) {
    throw unavailable(error);
  }
}

function unavailable(error: unknown): DrydockError {
  return new DrydockError('wasm-unavailable', { reason: reasonOf(error) }, { cause: error });
}
