import { expect, it } from 'vitest';
import { decodeHotCode, encodeHotCode, type HotPage } from './hot-code.ts';

const pages: HotPage[] = [
  { page: 0x1ffff, flags: 11, entries: Uint16Array.of(0, 17, 4079) },
  { page: 3, flags: 15, entries: Uint16Array.of(256) },
];

it('comes back from its published form, also from the middle of a buffer', () => {
  const bytes = encodeHotCode(pages);
  const whole = new Uint8Array(bytes.length + 3);
  whole.set(bytes, 3);
  expect(decodeHotCode(whole.subarray(3))).toEqual(pages);
});

it('refuses what ends in the middle of a page', () => {
  expect(() => decodeHotCode(encodeHotCode(pages).subarray(0, -1))).toThrow(RangeError);
});
