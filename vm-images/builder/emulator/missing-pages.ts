/**
 * Lets v86 run with pages of the guest's memory that are not there yet.
 *
 * Whatever the guest touches goes through the TLB, and the TLB is filled in one function only, `do_page_walk`. The
 * transformed module calls the import `page_missing(page)` there before a page that is marked missing gets its entry,
 * and before the walk itself reads a page directory or page table that is missing. What devices read and write past
 * the processor is the host's to watch (src/emulator/core/memory).
 *
 * Exports added:
 *   drydock_alloc(size, align) -> address     Rust's own allocator, for the table of marks
 *   drydock_missing: mutable i32              address of the table, one byte for each page of memory; 0: nothing is missing
 *   drydock_memory: mutable i32               where the guest's memory begins
 *   drydock_pages: mutable i32                number of pages in the table
 */
import binaryen from 'binaryen';
import { functionNamed } from './wasm-names.ts';

/** Addresses of v86's registers in its memory (src/rust/cpu/global_pointers.rs; the same in src/cpu.js). */
const cr0Address = 580;
const cr3Address = cr0Address + 3 * 4;

const pagingEnabled = 0x80000000 | 0;
const present = 1;
const largePage = 0x80;
const frameMask = ~0xfff;

export const addedGlobals = ['drydock_missing', 'drydock_memory', 'drydock_pages'] as const;

export function addMissingPages(module: binaryen.Module): void {
  const { i32, none } = binaryen;
  module.addFunctionImport('page_missing', 'env', 'page_missing', i32, none);
  for (const name of addedGlobals) {
    module.addGlobal(name, i32, true, module.i32.const(0));
    module.addGlobalExport(name, name);
  }
  module.addFunctionExport(binaryen.getFunctionInfo(functionNamed(module, '___rust_alloc')).name, 'drydock_alloc');
  addTouch(module);
  wrapPageWalk(module);
}

/** `drydock_touch(physical)`: asks for the page if it is marked. Pages beyond the memory are devices, never missing. */
function addTouch(module: binaryen.Module): void {
  const { i32, none } = binaryen;
  const page = (): binaryen.ExpressionRef => module.local.get(1, i32);
  const body = module.block(null, [
    module.local.set(1, module.i32.shr_u(module.local.get(0, i32), module.i32.const(12))),
    module.if(
      module.i32.lt_u(page(), module.global.get('drydock_pages', i32)),
      module.if(
        module.i32.load8_u(0, 1, module.i32.add(module.global.get('drydock_missing', i32), page())),
        module.call('page_missing', [page()], none),
      ),
    ),
  ]);
  module.addFunction('drydock_touch', i32, none, [i32], body);
}

function wrapPageWalk(module: binaryen.Module): void {
  const { i32, none } = binaryen;
  const info = binaryen.getFunctionInfo(functionNamed(module, '3cpu3cpu12do_page_walk'));
  const inner = `${info.name}_inner`;
  module.addFunction(inner, info.params, info.results, [...info.vars], info.body);

  const parameters = binaryen.expandType(info.params);
  const address = (): binaryen.ExpressionRef => module.local.get(0, i32);
  const call = (): binaryen.ExpressionRef => module.call(inner, parameters.map((type, index) => module.local.get(index, type)), info.results);
  const touch = (physical: binaryen.ExpressionRef): binaryen.ExpressionRef => module.call('drydock_touch', [physical], none);
  const guestMemory = (): binaryen.ExpressionRef => module.global.get('drydock_memory', i32);
  const entry = parameters.length;
  const body = module.block(
    null,
    [
      module.if(module.i32.eqz(module.global.get('drydock_missing', i32)), module.return(call())),
      module.if(
        module.i32.and(module.i32.load(0, 4, module.i32.const(cr0Address)), module.i32.const(pagingEnabled)),
        module.block(null, [
          // Page directory, 4 KiB aligned: the entry lies in the page that cr3 names.
          module.local.set(entry, module.i32.and(module.i32.load(0, 4, module.i32.const(cr3Address)), module.i32.const(frameMask))),
          touch(module.local.get(entry, i32)),
          module.local.set(
            entry,
            module.i32.load(
              0,
              4,
              module.i32.add(
                guestMemory(),
                module.i32.add(module.local.get(entry, i32), module.i32.shl(module.i32.shr_u(address(), module.i32.const(22)), module.i32.const(2))),
              ),
            ),
          ),
          module.if(
            module.i32.eq(module.i32.and(module.local.get(entry, i32), module.i32.const(present | largePage)), module.i32.const(present)),
            touch(module.local.get(entry, i32)),
          ),
        ]),
      ),
      module.local.set(entry, call()),
      // A TLB entry is the address in v86's memory, xor-ed with the page's virtual address; 0 stands for a page fault.
      module.if(
        module.local.get(entry, i32),
        touch(
          module.i32.sub(
            module.i32.xor(module.i32.and(module.local.get(entry, i32), module.i32.const(frameMask)), module.i32.and(address(), module.i32.const(frameMask))),
            guestMemory(),
          ),
        ),
      ),
      module.local.get(entry, i32),
    ],
    i32,
  );
  module.removeFunction(info.name);
  module.addFunction(info.name, info.params, info.results, [i32], body);
}
