/**
 * Instantiates v86.wasm for the emulator and counts what its JIT does.
 *
 * v86 calls `wasm_fn` with its imports and never looks at a rejection, so that failures are reported beside it.
 */
import { DrydockError, reasonOf } from '../../shared/errors.ts';

/** What the host uses of the running module beside v86. */
export interface EmulatorExports {
  /** A view of the module's memory; ends with the next growth of the memory, so that it must not be kept. */
  bytes(address: number, length: number): Uint8Array<ArrayBuffer>;
  /** Calls the function when the guest touches a page that is marked missing, before the guest goes on. */
  onPageMissing(listener: (page: number) => void): void;
  /** What the build adds (vm-images/builder/emulator/missing-pages.ts); the original v86.wasm has none of it. */
  lazy: { allocate(bytes: number, alignment: number): number; missing: WebAssembly.Global; memory: WebAssembly.Global; pages: WebAssembly.Global } | undefined;
}

export interface EmulatorWasm {
  /** For v86's option `wasm_fn`. */
  link: (imports: WebAssembly.Imports) => Promise<WebAssembly.Exports>;
  /** Rejects with `wasm-unavailable` or `memory-insufficient` when `link` fails; otherwise never settles. */
  failure: Promise<never>;
  /** Once `link` has resolved; throws `machine-crashed` before. */
  exports: () => EmulatorExports;
  /** Modules the JIT has compiled, their bytes, and the memory of the emulator in bytes. */
  stats: () => { jitCompiles: number; jitBytes: number; memoryBytes: number };
}

/** Compiles at once; rejects with `wasm-unavailable`. */
export async function instantiateEmulator(source: WebAssembly.Module | ArrayBuffer): Promise<EmulatorWasm> {
  const module = await compile(source);
  let jitCompiles = 0;
  let jitBytes = 0;
  let memory: WebAssembly.Memory | undefined;
  let linked: WebAssembly.Exports | undefined;
  let pageMissing: (page: number) => void = () => undefined;
  const { promise: failure, reject: fail } = Promise.withResolvers<never>();
  // Waited for only during the set-up: later it must not count as unhandled.
  failure.catch(() => undefined);
  return {
    failure,
    exports() {
      if (linked === undefined || memory === undefined) throw new DrydockError('machine-crashed', { reason: 'v86.wasm is not linked yet' });
      const owner = memory;
      return {
        bytes: (address, length) => new Uint8Array(owner.buffer, address, length),
        onPageMissing: (listener) => (pageMissing = listener),
        lazy: lazyExports(linked),
      };
    },
    stats: () => ({ jitCompiles, jitBytes, memoryBytes: memory?.buffer.byteLength ?? 0 }),
    async link(imports) {
      const env: WebAssembly.ModuleImports = { ...imports['env'], page_missing: (page: number) => pageMissing(page >>> 0) };
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
        linked = exports;
        return exports;
      } catch (error) {
        fail(unavailable(error));
        return new Promise<never>(() => undefined);
      }
    },
  };
}

function lazyExports(exports: WebAssembly.Exports): EmulatorExports['lazy'] {
  const { drydock_alloc: allocate, drydock_missing: missing, drydock_memory: memory, drydock_pages: pages } = exports;
  const { Global } = WebAssembly;
  if (typeof allocate !== 'function' || !(missing instanceof Global) || !(memory instanceof Global) || !(pages instanceof Global)) return undefined;
  return { allocate: (bytes, alignment) => Number(Reflect.apply(allocate, undefined, [bytes, alignment])) >>> 0, missing, memory, pages };
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
