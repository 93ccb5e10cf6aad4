/**
 * Instantiates v86.wasm for the emulator and counts what its JIT does.
 *
 * v86 calls `wasm_fn` with its imports and never looks at a rejection, so that failures are reported beside it.
 */
import { DrydockError, reasonOf } from '../../shared/errors.ts';
import { JitModules, type Allocate, type JitStats } from './jit/jit-modules.ts';

/** What the host uses of the running module beside v86. */
export interface EmulatorExports {
  /** A view of the module's memory; ends with the next growth of the memory, so that it must not be kept. */
  bytes(address: number, length: number): Uint8Array<ArrayBuffer>;
  /** Calls the function when the guest touches a page that is marked missing, before the guest goes on. */
  onPageMissing(listener: (page: number) => void): void;
  /** Calls the function for every block of code that is interpreted; only where the builder's recording v86.wasm runs. */
  onCodeRun(listener: (physical: number, flags: number, heat: number) => void): void;
  /** What the build adds (vm-images/builder/emulator/missing-pages.ts); the original v86.wasm has none of it. */
  lazy: { allocate: Allocate; missing: WebAssembly.Global; memory: WebAssembly.Global; pages: WebAssembly.Global } | undefined;
  /** Likewise (vm-images/builder/emulator/hot-code.ts). */
  hot: HotCodeExports | undefined;
}

export interface HotCodeExports {
  /** As if the guest had been interpreted from the address for so many instructions: notes it, and may compile its page. */
  note(block: { virtual: number; physical: number; flags: number; heat: number }): void;
  /** Makes room for so many compiled modules, at the start. */
  reserveModules(count: number): void;
  /** Whether a module is being compiled. */
  compiling(): boolean;
  /** The WebAssembly that was compiled last; the same array until another one is. */
  lastCode(): Uint8Array<ArrayBuffer> | undefined;
}

export interface EmulatorWasm {
  /** For v86's option `wasm_fn`. */
  link: (imports: WebAssembly.Imports) => Promise<WebAssembly.Exports>;
  /** Rejects with `wasm-unavailable` or `memory-insufficient` when `link` fails; otherwise never settles. */
  failure: Promise<never>;
  /** Once `link` has resolved; throws `machine-crashed` before. */
  exports: () => EmulatorExports;
  /** What the JIT has made, and the memory of the emulator in bytes. */
  stats: () => JitStats & { memoryBytes: number };
}

/** Compiles at once; rejects with `wasm-unavailable`. */
export async function instantiateEmulator(source: WebAssembly.Module | ArrayBuffer): Promise<EmulatorWasm> {
  const module = await compileEmulator(source);
  const jit = new JitModules();
  let memory: WebAssembly.Memory | undefined;
  let table: WebAssembly.Table | undefined;
  let linked: WebAssembly.Exports | undefined;
  let pageMissing: (page: number) => void = () => undefined;
  let codeRun: (physical: number, flags: number, heat: number) => void = () => undefined;
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
        onCodeRun: (listener) => (codeRun = listener),
        lazy: lazyExports(linked),
        hot: hotCodeExports(linked, owner, table, jit),
      };
    },
    stats: () => ({ ...jit.stats, memoryBytes: memory?.buffer.byteLength ?? 0 }),
    async link(imports) {
      const env: WebAssembly.ModuleImports = {
        ...imports['env'],
        page_missing: (page: number) => pageMissing(page >>> 0),
        code_run: (physical: number, flags: number, heat: number) => codeRun(physical >>> 0, flags, heat),
      };
      if (env['__indirect_function_table'] instanceof WebAssembly.Table) table = env['__indirect_function_table'];
      const finalize = env['codegen_finalize'];
      if (typeof finalize === 'function') env['codegen_finalize'] = jit.finalizer((...parameters) => Reflect.apply(finalize, undefined, parameters));
      try {
        const { exports } = await WebAssembly.instantiate(module, { ...imports, env });
        if (exports['memory'] instanceof WebAssembly.Memory) memory = exports['memory'];
        linked = exports;
        if (memory !== undefined) jit.attach(memory, allocator(exports));
        return exports;
      } catch (error) {
        fail(unavailable(error));
        return new Promise<never>(() => undefined);
      }
    },
  };
}

function lazyExports(exports: WebAssembly.Exports): EmulatorExports['lazy'] {
  const { drydock_missing: missing, drydock_memory: memory, drydock_pages: pages } = exports;
  const allocate = allocator(exports);
  const { Global } = WebAssembly;
  if (allocate === undefined || !(missing instanceof Global) || !(memory instanceof Global) || !(pages instanceof Global)) return undefined;
  return { allocate, missing, memory, pages };
}

function allocator({ drydock_alloc: allocate }: WebAssembly.Exports): Allocate | undefined {
  if (typeof allocate !== 'function') return undefined;
  return (bytes, alignment) => Number(Reflect.apply(allocate, undefined, [bytes, alignment])) >>> 0;
}

/** Where v86.wasm keeps what the JIT knows (JitState in src/rust/jit.rs), and the privilege level of the guest (global_pointers.rs). */
const jitState = { compiling: 4243496, freeIndices: { capacity: 4243728, pointer: 4243732, length: 4243736 } };
const privilegeAddress = 612;
/** v86's own limits (WASM_TABLE_SIZE): the free list has every index but 0. */
const originalModules = 900;

function hotCodeExports(exports: WebAssembly.Exports, memory: WebAssembly.Memory, table: WebAssembly.Table | undefined, jit: JitModules): HotCodeExports | undefined {
  const { drydock_note: note, drydock_note_virtual: virtual, drydock_note_physical: physical, drydock_note_flags: flags, drydock_note_heat: heat } = exports;
  const allocate = allocator(exports);
  const { Global } = WebAssembly;
  if (typeof note !== 'function' || allocate === undefined || table === undefined) return undefined;
  if (!(virtual instanceof Global) || !(physical instanceof Global) || !(flags instanceof Global) || !(heat instanceof Global)) return undefined;
  const view = (): DataView => new DataView(memory.buffer);
  return {
    note(block) {
      virtual.value = block.virtual | 0;
      physical.value = block.physical | 0;
      flags.value = block.flags;
      heat.value = block.heat;
      // The addresses given are the kernel's.
      const level = view().getUint8(privilegeAddress);
      view().setUint8(privilegeAddress, 0);
      jit.keepWhole(() => Reflect.apply(note, undefined, []));
      view().setUint8(privilegeAddress, level);
    },
    reserveModules(count) {
      const { capacity, pointer, length } = jitState.freeIndices;
      if (view().getUint32(length, true) !== originalModules - 1) throw new DrydockError('machine-crashed', { reason: 'the JIT of v86.wasm is not as it was expected' });
      const list = allocate(2 * (count - 1), 2);
      if (list === 0) throw new DrydockError('memory-insufficient', { neededMiB: 1 });
      for (let index = 1; index < count; index++) view().setUint16(list + 2 * (index - 1), index, true);
      view().setUint32(capacity, count - 1, true);
      view().setUint32(pointer, list, true);
      view().setUint32(length, count - 1, true);
      table.grow(count - originalModules);
    },
    lastCode: () => jit.last,
    compiling: () => view().getUint32(jitState.compiling, true) !== 0,
  };
}

/** Rejects with `wasm-unavailable`. */
export async function compileEmulator(source: WebAssembly.Module | ArrayBuffer): Promise<WebAssembly.Module> {
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
