import { describe, expect, it } from 'vitest';
import { type KeyValueStore, ProgressStore } from './progress.ts';

class MemoryStore implements KeyValueStore {
  readonly data = new Map<string, string>();
  getItem(key: string): string | null {
    return this.data.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.data.set(key, value);
  }
  removeItem(key: string): void {
    this.data.delete(key);
  }
}

const noon = new Date('2026-01-02T12:00:00Z');
const later = new Date('2026-01-03T12:00:00Z');

describe('ProgressStore', () => {
  it('keeps what was done, when it was done first, by lesson', () => {
    const store = new MemoryStore();
    new ProgressStore(store).markDone('first', ['a'], noon);
    new ProgressStore(store).markDone('first', ['a', 'b'], later);
    new ProgressStore(store).setHints('first', 'b', 2);
    expect(new ProgressStore(store).load('first')).toEqual({
      progress: { version: 1, done: { a: noon.toISOString(), b: later.toISOString() }, hints: { b: 2 } },
    });
    expect(new ProgressStore(store).load('second').progress.done).toEqual({});
    new ProgressStore(store).clear('first');
    expect(new ProgressStore(store).load('first').progress.done).toEqual({});
  });

  it.each(['{"version":1,"done":', 'null', '{"version":9}', '{"version":1,"done":{"a":"yesterday"},"hints":{}}'])('survives %s with a warning, and puts it aside', (text) => {
    const store = new MemoryStore();
    new ProgressStore(store).markDone('first', ['a'], noon);
    const key = [...store.data.keys()][0] ?? '';
    store.data.set(key, text);
    const progress = new ProgressStore(store);
    const { progress: loaded, warning } = progress.load('first');
    expect(warning?.code).toBe('DD5003');
    expect(loaded.done).toEqual({});
    expect([...store.data.values()]).toEqual([text]);
    progress.markDone('first', ['b'], later);
    expect(progress.load('first')).toMatchObject({ progress: { done: { b: later.toISOString() } } });
  });

  it('keeps answers: how often, and when first right', () => {
    const progress = new ProgressStore(new MemoryStore());
    progress.markAnswered('first', 'q', false, noon);
    expect(progress.load('first').progress).toMatchObject({ tries: { q: 1 } });
    progress.markAnswered('first', 'q', true, noon);
    progress.markAnswered('first', 'q', true, later);
    expect(progress.load('first').progress).toMatchObject({ tries: { q: 3 }, answered: { q: noon.toISOString() } });
  });

  it('adds what was done elsewhere', () => {
    const store = new MemoryStore();
    const progress = new ProgressStore(store);
    progress.markDone('first', ['a', 'b'], later);
    progress.setHints('first', 'a', 1);
    progress.merge('first', { version: 1, done: { a: noon.toISOString(), c: noon.toISOString() }, hints: { a: 3 }, answered: { q: later.toISOString() } });
    expect(progress.load('first').progress).toEqual({
      version: 1,
      done: { a: noon.toISOString(), b: later.toISOString(), c: noon.toISOString() },
      hints: { a: 3 },
      answered: { q: later.toISOString() },
    });
  });

  it('reports storage that is blocked or full', () => {
    const blocked = () => {
      throw new Error('denied');
    };
    const progress = new ProgressStore({ getItem: blocked, setItem: blocked, removeItem: blocked });
    expect(progress.load('first').warning?.code).toBe('DD5001');
    expect(() => progress.markDone('first', ['a'], noon)).toThrow('DD5001');
    const full = new MemoryStore();
    full.setItem = () => {
      const error = new Error('quota');
      error.name = 'QuotaExceededError';
      throw error;
    };
    expect(() => new ProgressStore(full).markDone('first', ['a'], noon)).toThrow('DD5002');
  });
});
