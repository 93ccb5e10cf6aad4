import { describe, expect, it } from 'vitest';
import type { Lifecycle } from './core/lifecycle.ts';
import { pacedProgress } from './paced-progress.ts';

describe('pacedProgress', () => {
  it('tells the progress of a download ten times a second, and every other state at once', () => {
    const told: Lifecycle[] = [];
    let now = 0;
    const tell = pacedProgress((state) => told.push(state), () => now);
    const loading = (receivedBytes: number): Lifecycle => ({ phase: 'loading', what: 'state', receivedBytes, totalBytes: 100 });
    for (; now < 250; now += 10) tell(loading(now));
    expect(told).toEqual([loading(0), loading(100), loading(200)]);
    tell({ phase: 'restoring' });
    expect(told.at(-1)).toEqual({ phase: 'restoring' });
    // Another download begins at once.
    tell(loading(1));
    expect(told.at(-1)).toEqual(loading(1));
  });
});
