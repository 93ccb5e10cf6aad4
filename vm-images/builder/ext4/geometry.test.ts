import { describe, expect, it } from 'vitest';
import { blocksPerGroup, planGeometry } from './geometry.ts';

const mebibyte = 2 ** 20;

describe('planGeometry', () => {
  it('has an inode for every so many bytes', () => {
    const { groups, inodesPerGroup } = planGeometry(4096 * mebibyte, 16384);
    expect(groups).toHaveLength(32);
    expect(groups.length * inodesPerGroup).toBe(4096 * mebibyte / 16384);
  });

  it('keeps copies of the superblock in groups 0, 1 and the powers of 3, 5 and 7', () => {
    const { groups } = planGeometry(8192 * mebibyte, 16384);
    expect(groups.filter((group) => group.hasSuperblock).map((group) => group.number)).toEqual([0, 1, 3, 5, 7, 9, 25, 27, 49]);
  });

  it('puts the metadata of 16 groups together, the bitmaps first', () => {
    const { groups, tableBlocks } = planGeometry(4096 * mebibyte, 16384);
    expect(groups.slice(0, 3).map((group) => [group.blockBitmap, group.inodeBitmap, group.inodeTable])).toEqual([
      [2, 18, 34],
      [3, 19, 34 + tableBlocks],
      [4, 20, 34 + 2 * tableBlocks],
    ]);
    expect(groups[16]?.blockBitmap).toBe(16 * blocksPerGroup);
  });

  it('puts fewer together where the inode tables are large, so that they leave half a group', () => {
    const { groups, groupsPerFlex, tableBlocks } = planGeometry(4096 * mebibyte, 4096);
    expect(groupsPerFlex).toBe(4);
    for (const group of groups) {
      const first = groups[group.number - (group.number % groupsPerFlex)];
      expect(group.inodeTable + tableBlocks).toBeLessThanOrEqual((first?.start ?? 0) + blocksPerGroup / 2 + 2);
    }
  });

  it('leaves out a rest that has no room for its metadata', () => {
    expect(planGeometry(128 * mebibyte + 100 * 4096, 16384).blockCount).toBe(blocksPerGroup);
    expect(planGeometry(160 * mebibyte, 16384).blockCount).toBe(1.25 * blocksPerGroup);
  });

  it.each([
    ['a size that is not in whole blocks', mebibyte + 512, 16384],
    ['nothing', 0, 16384],
    ['too little', 40 * 4096, 16384],
    ['more than 32 bits count', 2 ** 45, 16384],
    ['more inodes than blocks', mebibyte, 1024],
    ['no ratio', mebibyte, Number.NaN],
  ])('refuses %s', (_what, bytes, ratio) => {
    expect(() => planGeometry(bytes, ratio)).toThrow(RangeError);
  });
});
