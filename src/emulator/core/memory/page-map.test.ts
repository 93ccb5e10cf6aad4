import { expect, it } from 'vitest';
import { createPageMap, decodePageMap, encodePageMap } from './page-map.ts';

const partOf = Uint16Array.from([0, 2, 1, 0, 1, 2, 2]);

it('lists the pages of each part in ascending order', () => {
  const { pages } = createPageMap(partOf, 3);
  expect(pages.map((list) => [...list])).toEqual([[2, 4], [1, 5, 6], []]);
});

it('refuses a page in a part that does not exist', () => {
  expect(() => createPageMap(partOf, 1)).toThrow(RangeError);
});

it('comes back from its published form, also from the middle of a buffer', () => {
  const whole = new Uint8Array(partOf.length * 2 + 3);
  whole.set(encodePageMap(partOf), 3);
  expect(decodePageMap(whole.subarray(3))).toEqual(partOf);
});
