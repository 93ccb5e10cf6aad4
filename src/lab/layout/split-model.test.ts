import { describe, expect, it } from 'vitest';
import { clampShare, lessonRange, shareAt, shareForKey } from './split-model.ts';

describe('splitter', () => {
  it('stays within its limits', () => {
    expect(clampShare(3, lessonRange)).toBe(25);
    expect(clampShare(98, lessonRange)).toBe(70);
    expect(clampShare(41.2345, lessonRange)).toBe(41.2);
  });

  it('follows the pointer', () => {
    expect(shareAt(640, 1280, 46, lessonRange)).toBe(50);
    expect(shareAt(-20, 1280, 46, lessonRange)).toBe(25);
  });

  it('keeps its place while the space has no size', () => {
    expect(shareAt(100, 0, 46, lessonRange)).toBe(46);
  });

  it('moves by keys and back to where it was meant to be', () => {
    expect(shareForKey('ArrowLeft', 46, lessonRange)).toBe(44);
    expect(shareForKey('ArrowDown', 69.5, lessonRange)).toBe(70);
    expect(shareForKey('Home', 46, lessonRange)).toBe(25);
    expect(shareForKey('End', 46, lessonRange)).toBe(70);
    expect(shareForKey('Enter', 30, lessonRange)).toBe(lessonRange.fallback);
    expect(shareForKey('Tab', 46, lessonRange)).toBeUndefined();
  });
});
