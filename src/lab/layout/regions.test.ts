import { describe, expect, it } from 'vitest';
import { nextRegion } from './regions.ts';

describe('going from region to region', () => {
  it('goes on, and round the end', () => {
    expect(nextRegion([true, true, true], 0, 1)).toBe(1);
    expect(nextRegion([true, true, true], 2, 1)).toBe(0);
    expect(nextRegion([true, true, true], 0, -1)).toBe(2);
  });

  it('leaves out what is not there', () => {
    expect(nextRegion([true, true, false, true], 1, 1)).toBe(3);
    expect(nextRegion([true, false, false, true], 3, -1)).toBe(0);
  });

  it('starts at an end when the focus is nowhere', () => {
    expect(nextRegion([true, true, true], -1, 1)).toBe(0);
    expect(nextRegion([true, true, false], -1, -1)).toBe(1);
  });

  it('finds none where there is none', () => {
    expect(nextRegion([false, false], 0, 1)).toBe(-1);
    expect(nextRegion([], -1, 1)).toBe(-1);
  });
});
