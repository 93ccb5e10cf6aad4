import { describe, expect, it } from 'vitest';
import type { BenchResult } from '../../../src/bench/result.ts';
import { median, medianFields, medianResult } from './statistics.ts';

const result = (promptSeconds: number, seconds: number, instructions: number): BenchResult => ({
  promptSeconds,
  downloadBytes: 50_000_001,
  commands: [{ id: 'run1', command: 'docker run', seconds, instructions }],
  memoryBytes: 600,
  idleInstructionsPerSecond: 10.4,
});

describe('median', () => {
  it('is the one in the middle, whatever the order', () => {
    expect(median([30, 1, 2])).toBe(2);
    expect(median([7])).toBe(7);
  });

  it('is between the two in the middle', () => {
    expect(median([10, 1, 2, 4])).toBe(3);
  });

  it('refuses nothing', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

it('takes each field by itself', () => {
  expect(medianFields([{ a: 1, b: 9 }, { a: 2, b: 8 }, { a: 3, b: 1 }], ['a', 'b'])).toEqual({ a: 2, b: 8 });
});

describe('medianResult', () => {
  it('joins runs', () => {
    const joined = medianResult([result(3, 30, 101), result(1, 10, 100), result(2, 50, 104)]);
    expect(joined).toMatchObject({ promptSeconds: 2, downloadBytes: 50_000_001, idleInstructionsPerSecond: 10 });
    expect(joined.commands).toEqual([{ id: 'run1', command: 'docker run', seconds: 30, instructions: 101 }]);
  });

  it('refuses runs that did not measure the same', () => {
    expect(() => medianResult([result(1, 1, 1), { ...result(1, 1, 1), commands: [] }])).toThrow('run1');
  });
});
