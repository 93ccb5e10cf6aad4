import { expect, it } from 'vitest';
import { newSessionId, type SavedSession } from './file.ts';
import { dispensable } from './room.ts';

const saved = (name: string, changes: Partial<SavedSession> = {}): SavedSession => ({
  id: newSessionId(), name, kind: 'auto', page: 'images/layers', title: name, savedAt: '2026-11-25T03:14:15.000Z', imageId: 'one', bytes: 10, ...changes,
});
const sessions = [
  saved('new'),
  saved('old', { savedAt: '2026-11-23T00:00:00.000Z' }),
  saved('older', { savedAt: '2026-11-22T00:00:00.000Z' }),
  saved('by hand', { kind: 'manual', savedAt: '2026-11-01T00:00:00.000Z' }),
  saved('of this lesson', { page: 'sandbox', savedAt: '2026-11-01T00:00:00.000Z' }),
];
const names = (bytes: number): string[] => dispensable(sessions, { page: 'sandbox', bytes }).map(({ name }) => name);

it('gives up the oldest automatic saves of other lessons, as many as are needed', () => {
  expect(names(10)).toEqual(['older']);
  expect(names(11)).toEqual(['older', 'old']);
});

it('gives up no others, also where that is not enough', () => {
  expect(names(1000)).toEqual(['older', 'old', 'new']);
  expect(dispensable(sessions.slice(3), { page: 'sandbox', bytes: 1 })).toEqual([]);
});
