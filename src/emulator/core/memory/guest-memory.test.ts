import { describe, expect, it } from 'vitest';
import { isDrydockError } from '../../../shared/errors.ts';
import type { EmulatorExports } from '../wasm.ts';
import { GuestMemory, type SavedMemory } from './guest-memory.ts';
import { createPageMap, pageBytes } from './page-map.ts';

const pageCount = 8;
/** The guest's memory lies somewhere inside the module's. */
const memoryOffset = 2 * pageBytes;
const marksAddress = 16;

/** Pages 1 and 5 in part 1, page 3 in part 2, the others zeros. */
const map = createPageMap(Uint16Array.of(0, 1, 0, 2, 0, 1, 0, 0), 2);

function contentOf(part: number): Uint8Array {
  const pages = map.pages[part - 1] ?? new Uint32Array();
  const bytes = new Uint8Array(pages.length * pageBytes);
  pages.forEach((page, index) => bytes.fill(page, index * pageBytes, (index + 1) * pageBytes));
  return bytes;
}

function start({ transformed = true, own = undefined as SavedMemory | undefined } = {}) {
  const module = new Uint8Array(memoryOffset + pageCount * pageBytes);
  const memory = module.subarray(memoryOffset);
  const read: number[] = [];
  let tlbClears = 0;
  let device: (start: number, end: number) => void = () => undefined;
  let processor: (page: number) => void = () => undefined;
  const cell = (): WebAssembly.Global<'i32'> => new WebAssembly.Global({ value: 'i32', mutable: true }, 0);
  const lazy = { allocate: () => marksAddress, missing: cell(), memory: cell(), pages: cell() };
  const exports: EmulatorExports = {
    bytes: (address, length) => module.subarray(address, address + length),
    onPageMissing: (listener) => (processor = listener),
    onCodeRun: () => undefined,
    lazy: transformed ? lazy : undefined,
    hot: undefined,
  };
  const guest = new GuestMemory(exports, {
    byteOffset: () => memoryOffset,
    byteLength: () => memory.length,
    clearTlb: () => (tlbClears += 1),
    leaveOut: (save) => save(),
    watchDevices: (before) => (device = before),
  });
  guest.expect({
    map,
    ...(own && { own }),
    readNow(part) {
      read.push(part);
      return contentOf(part);
    },
  });
  const marks = (): number[] => [...module.subarray(marksAddress, marksAddress + pageCount)];
  return { guest, memory, read, marks, lazy, tlbClears: () => tlbClears, device: (from: number, to: number) => device(from, to), processor: (page: number) => processor(page) };
}

describe('memory that comes in parts', () => {
  it('marks the pages that are missing, for the transformed module', () => {
    const { marks, lazy, tlbClears } = start();
    expect(marks()).toEqual([0, 1, 0, 1, 0, 1, 0, 0]);
    expect([lazy.missing.value, lazy.memory.value, lazy.pages.value]).toEqual([marksAddress, memoryOffset, pageCount]);
    expect(tlbClears()).toBe(1);
  });

  it('puts in the whole part of a page the processor touches, once', () => {
    const { processor, memory, marks, read } = start();
    processor(5);
    memory[5 * pageBytes] = 99;
    processor(5);
    processor(1);
    expect(read).toEqual([1]);
    expect(memory[5 * pageBytes]).toBe(99);
    expect(memory[pageBytes]).toBe(1);
    expect(marks()).toEqual([0, 0, 0, 1, 0, 0, 0, 0]);
  });

  it('puts in what a device reads or writes, also across a page boundary', () => {
    const { device, read } = start();
    device(2 * pageBytes + 10, 3 * pageBytes);
    expect(read).toEqual([]);
    device(2 * pageBytes + 10, 3 * pageBytes + 1);
    expect(read).toEqual([2]);
    device(0, pageCount * pageBytes);
    expect(read).toEqual([2, 1]);
  });

  it('never overwrites with a part that comes again', () => {
    const { guest, memory } = start();
    guest.provide(2, contentOf(2));
    memory.fill(77, 3 * pageBytes, 4 * pageBytes);
    guest.provide(2, contentOf(2));
    expect(memory[3 * pageBytes]).toBe(77);
  });

  it('lets the module run as fast as ever once nothing is missing', () => {
    const { guest, lazy } = start();
    guest.provide(1, contentOf(1));
    expect(lazy.missing.value).toBe(marksAddress);
    guest.provide(2, contentOf(2));
    expect(lazy.missing.value).toBe(0);
  });

  it('knows which pages are in place', () => {
    const { guest } = start();
    guest.provide(2, contentOf(2));
    expect([0, 1, 3, 5].map((page) => guest.hasPage(page))).toEqual([true, false, true, false]);
  });

  it('refuses a part of another size', () => {
    const { guest } = start();
    let thrown: unknown;
    try {
      guest.provide(1, new Uint8Array(pageBytes));
    } catch (error) {
      thrown = error;
    }
    expect(isDrydockError(thrown, 'state-unrestorable')).toBe(true);
    expect(guest.has(1)).toBe(false);
  });

  it('is complete at once where the module cannot ask', () => {
    const { guest, memory, read } = start({ transformed: false });
    expect(guest.canRunIncomplete).toBe(false);
    guest.complete();
    expect(read).toEqual([1, 2]);
    expect([1, 3, 5].map((page) => memory[page * pageBytes])).toEqual([1, 3, 5]);
  });

  it('takes out all pages but zeros, and puts them back', () => {
    const { guest, memory } = start();
    guest.complete();
    const before = memory.slice();
    const saved = guest.takeOut();
    expect([...saved.pages]).toEqual([1, 3, 5]);
    expect(memory.every((byte) => byte === 0)).toBe(true);
    guest.putBack(saved);
    expect(memory).toEqual(before);
  });

  it('keeps of a session only what the guest has changed', () => {
    const { guest, memory, read } = start();
    guest.provide(1, contentOf(1));
    expect([...guest.copyChanges().pages]).toEqual([]);
    memory[5 * pageBytes + 100] = 1;
    memory.fill(0, pageBytes, 2 * pageBytes);
    memory[7 * pageBytes] = 2;
    const { pages, bytes } = guest.copyChanges();
    expect([...pages]).toEqual([1, 5, 7]);
    expect(bytes).toEqual(Uint8Array.from([...memory.subarray(pageBytes, 2 * pageBytes), ...memory.subarray(5 * pageBytes, 6 * pageBytes), ...memory.subarray(7 * pageBytes)]));
    // Part 2 was never touched, and saving does not fetch it.
    expect(read).toEqual([]);
  });

  it('puts pages of a session in place of those of the parts, and keeps them at the next saving', () => {
    const own = { pages: Uint32Array.of(3, 5), bytes: new Uint8Array(2 * pageBytes).fill(33, 0, pageBytes).fill(55, pageBytes) };
    const { guest, memory, marks, processor, read } = start({ own });
    expect(marks()).toEqual([0, 1, 0, 0, 0, 0, 0, 0]);
    expect([guest.isOwn(3), guest.isOwn(1), guest.hasPage(3), guest.hasPage(1)]).toEqual([true, false, true, false]);
    processor(3);
    expect(read).toEqual([]);
    processor(1);
    expect(read).toEqual([1]);
    expect([1, 3, 5].map((page) => memory[page * pageBytes])).toEqual([1, 33, 55]);
    expect([...guest.copyChanges().pages]).toEqual([3, 5]);
  });
});
