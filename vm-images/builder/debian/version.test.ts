import { describe, expect, it } from 'vitest';
import { compareVersions } from './version.ts';

const ascending = [
  ['1.0~rc1-1', '1.0-1'],
  ['1.0~~', '1.0~'],
  ['1.0~', '1.0'],
  ['1.0', '1.0-0.1'],
  ['1.9', '1.10'],
  ['2.41-12', '2.41-12+deb13u4'],
  ['9.9', '1:0.1'],
  ['1.0a', '1.0+'],
  ['1.0Z', '1.0a'],
  ['6.1.176-1', '6.1.190-1'],
  ['1.2-3-1', '1.2-3-2'],
  ['1.4.1', '1:1.4~'],
  ['18446744073709551615', '18446744073709551616'],
  ['0.19.0-6', '0.19.0-6+b2'],
];

describe('compareVersions', () => {
  it.each(ascending)('%s < %s', (older, newer) => {
    expect(compareVersions(older ?? '', newer ?? '')).toBeLessThan(0);
    expect(compareVersions(newer ?? '', older ?? '')).toBeGreaterThan(0);
  });

  it.each([
    ['1.0', '1.0'],
    ['1.0', '0:1.0'],
    ['1.0', '1.0-0'],
    ['1.00', '1.0'],
    ['1.a0', '1.a'],
  ])('%s = %s', (a, b) => {
    expect(compareVersions(a, b)).toBe(0);
  });
});
