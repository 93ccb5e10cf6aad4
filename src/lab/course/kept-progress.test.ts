import { describe, expect, it } from 'vitest';
import { ProgressStore } from '../../checkers/progress.ts';
import { KeptProgress } from './kept-progress.ts';

/** A browser's storage, which can be blocked. */
class Storage {
  readonly data = new Map<string, string>();
  blocked = false;

  getItem(key: string): string | null {
    if (this.blocked) throw new Error('denied');
    return this.data.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    if (this.blocked) throw new Error('denied');
    this.data.set(key, value);
  }
  removeItem(key: string): void {
    this.data.delete(key);
  }
}

const key = 'drydock:progress:first';

describe('KeptProgress', () => {
  it('still tells what only the first reading was told, until it is forgotten', () => {
    const storage = new Storage();
    storage.setItem(key, '{"version":9}');
    const progress = new KeptProgress(new ProgressStore(storage));
    for (let reading = 1; reading <= 2; reading += 1) {
      expect(progress.load('first').done).toEqual({});
      expect(progress.warnings('en')).toEqual([expect.stringMatching(/^The stored progress could not be read: .*“first”.* The lesson starts over.*\(DD5003\)$/)]);
    }
    expect(progress.warnings('zh-cn')[0]).toContain('本课将重新开始');
    expect(progress.blocked).toBeUndefined();
    progress.forget();
    expect(progress.warnings('en')).toEqual([]);
  });

  it('tells once that storage is blocked, and no more when it is not', () => {
    const storage = new Storage();
    const progress = new KeptProgress(new ProgressStore(storage));
    storage.blocked = true;
    for (const name of ['first', 'second']) progress.load(name);
    expect(progress.blocked?.code).toBe('DD5001');
    expect(progress.warnings('en')).toHaveLength(1);
    storage.blocked = false;
    for (const name of ['first', 'second']) progress.load(name);
    expect(progress.blocked).toBeUndefined();
    expect(progress.warnings('en')).toEqual([]);
  });
});

it('loses no copy of progress that cannot be read', () => {
  const storage = new Storage();
  const store = new ProgressStore(storage);
  const broken = ['{"version":9}', 'cut off', '{"version":9}', 'edited'];
  for (const text of broken) {
    storage.setItem(key, text);
    store.load('first');
  }
  expect(storage.data.has(key)).toBe(false);
  expect([...storage.data.values()].toSorted()).toEqual([...new Set(broken)].toSorted());
});
