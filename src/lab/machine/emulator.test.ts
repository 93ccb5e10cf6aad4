import { expect, test } from 'vitest';
import { pacedProgress } from './emulator.ts';
import type { LabState } from './session.ts';

test('the progress of a download is told ten times a second, and every other state at once', () => {
  const told: LabState[] = [];
  let now = 0;
  const tell = pacedProgress((state) => told.push(state), () => now);
  const loading = (receivedBytes: number): LabState => ({ kind: 'loading', receivedBytes, totalBytes: 100 });
  for (; now < 250; now += 10) tell(loading(now));
  expect(told).toEqual([loading(0), loading(100), loading(200)]);
  tell({ kind: 'restoring' });
  expect(told.at(-1)).toEqual({ kind: 'restoring' });
  // Another download begins at once.
  tell(loading(1));
  expect(told.at(-1)).toEqual(loading(1));
});
