import { describe, expect, it } from 'vitest';
import { templateNames } from '../shared/locale.ts';
import type { BenchResult } from './result.ts';
import { benchRows } from './rows.ts';
import { benchStrings, type BenchStrings } from './strings.ts';

const result: BenchResult = {
  promptSeconds: 4.26,
  downloadBytes: 52_808_219,
  commands: [
    { id: 'run1', command: 'docker run --rm busybox true', seconds: 31.04, instructions: 1_234_567_890 },
    { id: 'ps', command: 'docker ps', seconds: 1.95, instructions: 48_200_000 },
  ],
  memoryBytes: 600_000_000,
  idleInstructionsPerSecond: 250_000,
};

const valueOf = (id: string, locale: 'en' | 'zh-cn', measured: BenchResult | undefined): string | undefined =>
  benchRows(measured, benchStrings[locale], locale).find((row) => row.id === id)?.value;

describe('benchRows', () => {
  it('writes figures as a reader of the language expects them', () => {
    expect(valueOf('prompt', 'en', result)).toBe('4.3 s');
    expect(valueOf('run1', 'en', result)).toBe('31.0 s, 1.23 billion instructions');
    expect(valueOf('ps', 'zh-cn', result)).toBe('2.0 秒，4820万条指令');
    expect(valueOf('idle', 'en', result)).toBe('250 thousand instructions per second');
    expect(valueOf('download', 'en', result)).toBe('53 MB');
  });

  it('shows a dash for what was not measured', () => {
    expect(valueOf('run2', 'en', result)).toBe('–');
    expect(new Set(benchRows(undefined, benchStrings.en, 'en').map(({ value }) => value))).toEqual(new Set(['–']));
  });

  it('has the same values to fill in, in both languages', () => {
    for (const key of Object.keys(benchStrings.en) as (keyof BenchStrings)[]) {
      expect(templateNames(benchStrings['zh-cn'][key]).toSorted(), key).toEqual(templateNames(benchStrings.en[key]).toSorted());
    }
  });
});
