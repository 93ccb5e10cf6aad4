import { describe, expect, it } from 'vitest';
import type { Package } from './debian/packages.ts';
import { createLock, formatLock, groupPackages, parseLock, readLock, restrictLock } from './lock.ts';

const one = (name: string, version: string): Package => ({
  name, version, architecture: 'i386', suite: 'trixie', filename: `pool/main/${name}.deb`, size: 1, sha256: 'a'.repeat(64), depends: [], conflicts: [], provides: [],
});
const recipe = 'b'.repeat(64);
const date = new Date('2026-01-01T00:00:00Z');
const groups = new Map([
  ['machine', [{ package: one('zlib', '1'), pattern: undefined }, { package: one('bash', '2'), pattern: undefined }]],
  ['kernel', [{ package: one('linux-9', '6'), pattern: 'linux-*' }]],
]);

describe('lock', () => {
  const lock = createLock(recipe, date, groups);

  it('survives being written and read, with the install order', () => {
    expect(parseLock(formatLock(lock), recipe, 'lock.json')).toEqual(lock);
    expect(groupPackages(lock, 'machine').map((entry) => entry.name)).toEqual(['zlib', 'bash']);
    expect(groupPackages(lock, 'kernel')[0]?.pattern).toBe('linux-*');
    expect(Object.keys(lock.packages)).toEqual(['bash 2', 'linux-9 6', 'zlib 1']);
  });

  it('can be restricted to some groups, with their packages only', () => {
    const kernel = restrictLock(lock, ['kernel']);
    expect(Object.keys(kernel.groups)).toEqual(['kernel']);
    expect(Object.keys(kernel.packages)).toEqual(['linux-9 6']);
    expect(restrictLock(lock, ['kernel', 'machine'])).toEqual(lock);
  });

  it('refuses a lock of another recipe', () => {
    expect(() => parseLock(formatLock(lock), 'c'.repeat(64), 'lock.json')).toThrow(
      expect.objectContaining({ code: 'lock-outdated', hint: expect.stringContaining('vm:lock') }),
    );
  });

  it.each([
    ['no JSON', '{'],
    ['another schema', formatLock(lock).replace('"schema": 1', '"schema": 2')],
    ['a path out of the archive', formatLock(lock).replace('pool/main/bash.deb', 'pool/../../bash.deb')],
    ['an address', formatLock(lock).replace('pool/main/bash.deb', 'http://host/bash.deb')],
  ])('refuses %s', (_, text) => {
    expect(() => parseLock(text, recipe, 'lock.json')).toThrow(expect.objectContaining({ code: 'lock-invalid' }));
  });

  it('says how to make a missing one', async () => {
    await expect(readLock('/nowhere/lock.json', recipe)).rejects.toMatchObject({ code: 'lock-missing', hint: expect.stringContaining('vm:lock') });
  });
});
