import { describe, expect, it } from 'vitest';
import type { Run } from './allocation.ts';
import { extentRoot, extentTree, needsLeaf } from './extents.ts';

function runs(count: number): Run[] {
  return Array.from({ length: count }, (_, index) => ({ start: 1000 * (index + 1), blocks: index + 1 }));
}

function words(bytes: Uint8Array): string[] {
  return [...Buffer.from(bytes).toString('hex').matchAll(/.{8}/g)].map(([word]) => word);
}

const zeros = (count: number): string[] => Array.from({ length: count }, () => '00000000');

describe('extents', () => {
  it('stand in the inode, each at the block where the ones before it end', () => {
    expect(words(extentRoot(runs(2)))).toEqual([
      '0af30200', '04000000', '00000000', // header
      '00000000', '01000000', 'e8030000',
      '01000000', '02000000', 'd0070000',
      ...zeros(6),
    ]);
  });

  it('are an empty list for an empty file', () => {
    expect(words(extentRoot([]))).toEqual(['0af30000', '04000000', ...zeros(13)]);
  });

  it('move into a block of their own from the fifth on', () => {
    expect([0, 4, 5].map((count) => needsLeaf(runs(count)))).toEqual([false, false, true]);
    const { root, leaf } = extentTree(runs(5), 77);
    expect(words(root).slice(0, 6)).toEqual(['0af30100', '04000100', '00000000', '00000000', '4d000000', '00000000']);
    expect(leaf).toHaveLength(4096);
    expect(words(leaf).slice(0, 3)).toEqual(['0af30500', '54010000', '00000000']);
    expect(words(leaf).slice(15, 18)).toEqual(['0a000000', '05000000', '88130000']);
  });

  it('refuses more than fit', () => {
    expect(() => extentTree(runs(341), 77)).toThrow(RangeError);
    expect(() => extentRoot(runs(5))).toThrow(RangeError);
  });
});
