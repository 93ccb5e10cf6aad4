import { describe, expect, it } from 'vitest';
import { DrydockError } from '../../shared/errors.ts';
import { en } from '../../site/i18n/en.ts';
import { formatBytes, machineView } from './progress.ts';

describe('machineView', () => {
  it('tells the bytes while loading', () => {
    const view = machineView({ kind: 'loading', receivedBytes: 12_340_000, totalBytes: 66_000_000 }, en);
    expect(view.text).toBe('Loading the machine: 12.3 MB of 66.0 MB');
    expect(view.fraction).toBeCloseTo(0.187, 3);
  });

  it('has no fraction while the size is unknown, and none above 1', () => {
    expect(machineView({ kind: 'loading', receivedBytes: 0, totalBytes: 0 }, en).fraction).toBeUndefined();
    expect(machineView({ kind: 'loading', receivedBytes: 70, totalBytes: 66 }, en).fraction).toBe(1);
  });

  it('tells that the lesson is being prepared, and how far it is', () => {
    expect(machineView({ kind: 'running', preparing: { done: 1, total: 3 } }, en)).toMatchObject({ tone: 'busy', text: 'Preparing 2 of 3' });
    expect(machineView({ kind: 'running' }, en)).toMatchObject({ tone: 'running', text: en.machineRunning });
  });

  it('tells failed from stopped', () => {
    const error = new DrydockError('unexpected', { reason: 'x' });
    expect(machineView({ kind: 'failed', error, retryable: true }, en)).toMatchObject({ tone: 'failed', text: en.machineFailed });
    expect(machineView({ kind: 'stopped' }, en)).toMatchObject({ tone: 'idle', text: en.machineStopped });
  });
});

describe('formatBytes', () => {
  it('chooses the unit a person would', () => {
    expect(formatBytes(0)).toBe('0 B');
    expect(formatBytes(999)).toBe('999 B');
    expect(formatBytes(1000)).toBe('1.0 kB');
    expect(formatBytes(99_949)).toBe('99.9 kB');
    expect(formatBytes(123_456)).toBe('123 kB');
    expect(formatBytes(999_999)).toBe('1.0 MB');
    expect(formatBytes(2_000_000_000_000)).toBe('2000 GB');
  });
});
