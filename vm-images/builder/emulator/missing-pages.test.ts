import binaryen from 'binaryen';
import { beforeEach, describe, expect, it } from 'vitest';
import { BuildError } from '../errors.ts';
import { addMissingPages } from './missing-pages.ts';
import { transformEmulator } from './transform.ts';

/** Where the guest's memory begins in the module's. */
const guestBegin = 0x10000;
const marks = 0x8000;
const pages = 16;
const cr0Address = 580;
const cr3Address = 592;
const directory = 0x2000;
const table = 0x3000;

/** A page walk that finds whatever the test has put at address 0, and an allocator that gives a fixed place. */
const source = `(module
  (memory (export "memory") 2)
  (func $_ZN2v83cpu3cpu12do_page_walk (param i32 i32) (result i32) (i32.load (i32.const 0)))
  (func $_RNvCs_14___rust_alloc (param i32 i32) (result i32) (i32.const ${marks}))
  (func (export "walk") (param i32) (result i32) (call $_ZN2v83cpu3cpu12do_page_walk (local.get 0) (i32.const 0))))`;

class Instance {
  readonly asked: number[] = [];
  readonly #exports: WebAssembly.Exports;
  readonly #view: DataView;

  constructor() {
    const module = binaryen.parseText(source);
    module.setFeatures(binaryen.Features.MutableGlobals);
    addMissingPages(module);
    if (!module.validate()) throw new Error('invalid module');
    const bytes = Uint8Array.from(module.emitBinary());
    module.dispose();
    const env = { page_missing: (page: number) => this.asked.push(page) };
    this.#exports = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env }).exports;
    const { memory } = this.#exports;
    if (!(memory instanceof WebAssembly.Memory)) throw new Error('no memory');
    this.#view = new DataView(memory.buffer);
  }

  set(name: string, value: number): void {
    const global = this.#exports[name];
    if (!(global instanceof WebAssembly.Global)) throw new Error(`no global ${name}`);
    global.value = value;
  }

  word(address: number, value: number): void {
    this.#view.setUint32(address, value, true);
  }

  mark(page: number): void {
    this.#view.setUint8(marks + page, 1);
  }

  /** The entry the walk finds for a virtual address that lies in the physical page. */
  finds(virtual: number, page: number): number {
    const entry = ((guestBegin + page * 4096) ^ (virtual & ~0xfff)) | 0;
    this.word(0, entry);
    return entry;
  }

  walk(virtual: number): unknown {
    const { walk } = this.#exports;
    if (typeof walk !== 'function') throw new Error('no walk');
    return Reflect.apply(walk, undefined, [virtual]);
  }
}

describe('the page walk', () => {
  let instance: Instance;

  beforeEach(() => {
    instance = new Instance();
    instance.set('drydock_missing', marks);
    instance.set('drydock_memory', guestBegin);
    instance.set('drydock_pages', pages);
  });

  it('asks for a missing page before its address is known to the processor', () => {
    const entry = instance.finds(0xc0405123, 5);
    instance.mark(5);
    expect(instance.walk(0xc0405123 | 0)).toBe(entry);
    expect(instance.asked).toEqual([5]);
  });

  it('asks for nothing that is not marked, and nothing at all once nothing is missing', () => {
    instance.finds(0x5000, 5);
    instance.walk(0x5000);
    expect(instance.asked).toEqual([]);
    instance.mark(5);
    instance.set('drydock_missing', 0);
    instance.walk(0x5000);
    expect(instance.asked).toEqual([]);
  });

  it('asks for the page directory and the page table, in this order, before they are read', () => {
    const virtual = 0x0040_3000;
    instance.word(cr0Address, 0x80000001);
    instance.word(cr3Address, directory);
    instance.word(guestBegin + directory + 4, table | 7);
    instance.finds(virtual, 9);
    for (const page of [2, 3, 9]) instance.mark(page);
    instance.walk(virtual);
    expect(instance.asked).toEqual([2, 3, 9]);
  });

  it('knows that a large page and an absent one have no page table', () => {
    instance.word(cr0Address, 0x80000001);
    instance.word(cr3Address, directory);
    for (const page of [2, 3]) instance.mark(page);
    instance.word(guestBegin + directory + 4, table | 0x87);
    instance.finds(0x0040_0000, 4);
    instance.walk(0x0040_0000);
    instance.word(guestBegin + directory + 4, table | 6);
    instance.word(0, 0);
    expect(instance.walk(0x0040_0000)).toBe(0);
    expect(instance.asked).toEqual([2, 2]);
  });

  it('leaves pages beyond the memory to the devices', () => {
    instance.finds(0x7000, pages + 3);
    instance.mark(pages + 3);
    instance.walk(0x7000);
    expect(instance.asked).toEqual([]);
  });
});

it('refuses a module it was not made for', () => {
  expect(() => transformEmulator(Uint8Array.of(0, 97, 115, 109))).toThrow(BuildError);
});
