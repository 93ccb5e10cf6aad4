import { describe, expect, it } from 'vitest';
import { readFlag, readNumber, writePreference, type PreferenceStorage } from './storage.ts';

function memory(): NonNullable<PreferenceStorage> {
  const values = new Map<string, string>();
  return { getItem: (key) => values.get(key) ?? null, setItem: (key, value) => void values.set(key, value) };
}

const denied: NonNullable<PreferenceStorage> = {
  getItem() {
    throw new DOMException('denied', 'SecurityError');
  },
  setItem() {
    throw new DOMException('full', 'QuotaExceededError');
  },
};

const range = { min: 25, max: 70, fallback: 46 };

describe('preferences', () => {
  it('come back as they were kept', () => {
    const storage = memory();
    writePreference(storage, 'lesson', 33.5);
    writePreference(storage, 'reader', true);
    expect(readNumber(storage, 'lesson', range)).toBe(33.5);
    expect(readFlag(storage, 'reader')).toBe(true);
    writePreference(storage, 'reader', false);
    expect(readFlag(storage, 'reader')).toBe(false);
  });

  it('fall back when absent, out of range or not a number', () => {
    const storage = memory();
    expect(readNumber(storage, 'lesson', range)).toBe(46);
    for (const bad of ['', 'wide', '10', '99', 'NaN']) {
      storage.setItem('drydock:lab:lesson', bad);
      expect(readNumber(storage, 'lesson', range), bad).toBe(46);
    }
  });

  it('do not break the page where storage is denied or absent', () => {
    for (const storage of [denied, undefined]) {
      expect(() => writePreference(storage, 'lesson', 40)).not.toThrow();
      expect(readNumber(storage, 'lesson', range)).toBe(46);
      expect(readFlag(storage, 'reader')).toBe(false);
    }
  });
});
