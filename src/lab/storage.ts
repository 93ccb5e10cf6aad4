/** Preferences of the lab in localStorage, which may be blocked, full or hold what an older version wrote. */
import type { KeyValueStore } from '../checkers/progress.ts';

const prefix = 'drydock:lab:';

/** What of `Storage` is used; `undefined` where the browser denies access. */
export type PreferenceStorage = Pick<Storage, 'getItem' | 'setItem'> | undefined;

/** The browser's storage, or `undefined` where reading the property already throws. */
export function browserStorage(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}

/** Where progress is kept. Where the browser denies storage, every use fails with the reason, which is then shown. */
export function progressStorage(): KeyValueStore {
  return browserStorage() ?? { getItem: refuse, setItem: refuse, removeItem: refuse };
}

function refuse(): never {
  throw new DOMException('storage is blocked', 'SecurityError');
}

/** A number kept earlier, or the fallback if there is none, or one outside of the range. */
export function readNumber(storage: PreferenceStorage, name: string, range: { min: number; max: number; fallback: number }): number {
  const text = read(storage, name);
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return value >= range.min && value <= range.max ? value : range.fallback;
}

/** A switch kept earlier; off if there is none. */
export function readFlag(storage: PreferenceStorage, name: string): boolean {
  return read(storage, name) === '1';
}

/** Keeps a preference. A refusal only means that it is forgotten, which is not worth a message. */
export function writePreference(storage: PreferenceStorage, name: string, value: number | boolean): void {
  try {
    storage?.setItem(prefix + name, typeof value === 'boolean' ? (value ? '1' : '0') : String(value));
  } catch {
    // Full or blocked: the preference lasts as long as the page.
  }
}

function read(storage: PreferenceStorage, name: string): string | undefined {
  try {
    return storage?.getItem(prefix + name) ?? undefined;
  } catch {
    return undefined;
  }
}
