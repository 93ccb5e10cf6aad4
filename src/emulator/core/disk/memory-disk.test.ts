import { expect, it } from 'vitest';
import { isZero, MemoryDisk } from './memory-disk.ts';

const mebibyte = 1 << 20;

it('reads zeros where nothing was written, and exports zero chunks as null', () => {
  const disk = new MemoryDisk(mebibyte * 3 + 512);
  disk.write(mebibyte * 2 - 512, new Uint8Array(1024).fill(1));
  expect(disk.slice(mebibyte * 2 - 1024, 2048)).toEqual(new Uint8Array(2048).fill(1, 512, 1536));
  const chunks = [...disk.export(mebibyte)];
  expect(chunks.map((chunk) => chunk?.length ?? null)).toEqual([null, mebibyte, mebibyte, null]);
});

it('starts with a content and goes back to a saved state', () => {
  const disk = new MemoryDisk(mebibyte, new Uint8Array(512).fill(4));
  const saved: unknown = structuredClone(disk.save());
  disk.write(0, new Uint8Array(512).fill(5));
  const other = new MemoryDisk(mebibyte);
  other.restore(saved);
  expect(other.slice(0, 1)[0]).toBe(4);
  expect(() => new MemoryDisk(mebibyte * 2).restore(saved)).toThrow('expected');
});

it('recognises zeros at any alignment', () => {
  const bytes = new Uint8Array(64);
  expect(isZero(bytes.subarray(3))).toBe(true);
  bytes[63] = 1;
  expect([isZero(bytes), isZero(bytes.subarray(1)), isZero(bytes.subarray(0, 63))]).toEqual([false, false, true]);
});
