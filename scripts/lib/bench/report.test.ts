import { describe, expect, it } from 'vitest';
import { formatTable, reportRows, type BenchReport } from './report.ts';

const report: BenchReport = {
  date: '2026-01-02',
  processor: 'a processor',
  cores: 2,
  browser: 'Chromium 1',
  runs: 3,
  image: { id: 'abc', startBytes: 5e6, aheadBytes: 17e6, memoryOnDemandBytes: 48e6, diskOnDemandBytes: 170e6 },
  cold: { seconds: 9, bytes: 60e6, rendererBytes: 400e6 },
  warm: { seconds: 4, bytes: 1000, rendererBytes: 500e6 },
  idle: { rendererBytes: undefined, processorShare: 0.034 },
  afterReading: { run1: 8, run2: 6, run3: 5 },
  page: { promptSeconds: 4, downloadBytes: 52e6, commands: [{ id: 'ps', command: 'docker ps', seconds: 3, instructions: 50e6 }], memoryBytes: 600e6, idleInstructionsPerSecond: 2e6 },
  tcg: {
    own: [{ id: 'ps', seconds: 1.5 }, { id: 'run1', seconds: 10 }],
    stock: [{ id: 'ps', seconds: 6 }, { id: 'run1', seconds: 16 }],
  },
};

const row = (rows: string[][], name: string): string[] | undefined => rows.find(([first]) => first === name);

describe('reportRows', () => {
  it('puts QEMU and the ratio beside a command', () => {
    expect(row(reportRows(report), 'docker ps, warm')).toEqual(['docker ps, warm', '3.0 s', '50.0 M', '1.5 s', '2.00', '6.0 s', '0.50']);
  });

  it('tells of somebody who reads first', () => {
    expect(row(reportRows(report), '  after a minute of reading, 1st')).toEqual(['  after a minute of reading, 1st', '8.0 s', '', '10.0 s', '0.80', '16.0 s', '0.50']);
  });

  it('leaves them out where there is no QEMU', () => {
    expect(row(reportRows({ ...report, tcg: undefined }), 'docker ps, warm')).toEqual(['docker ps, warm', '3.0 s', '50.0 M']);
  });

  it('says so where the system does not tell the memory of a process', () => {
    expect(row(reportRows(report), 'renderer processes at the prompt')).toEqual(['renderer processes at the prompt', '500.0 MB']);
    expect(row(reportRows(report), '  after a minute of reading')).toEqual(['  after a minute of reading', 'not told here']);
    expect(row(reportRows(report), 'idle: processor')).toEqual(['idle: processor', '3.4 % of a core']);
  });
});

describe('formatTable', () => {
  it('sets columns under each other', () => {
    expect(formatTable([['', 'b'], ['long', '12'], ['x']])).toBe(['       b', 'long  12', 'x'].join('\n'));
  });

  it('is empty for nothing', () => {
    expect(formatTable([])).toBe('');
  });
});
