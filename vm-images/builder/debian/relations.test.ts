import { describe, expect, it } from 'vitest';
import { formatClause, meets, parseRelations } from './relations.ts';

describe('parseRelations', () => {
  it('reads alternatives, versions and architecture qualifiers', () => {
    expect(parseRelations('debconf (>= 0.5) | debconf-2.0, libc6 (>= 2.34),\n perl:any')).toEqual([
      [{ name: 'debconf', constraint: { operator: '>=', version: '0.5' } }, { name: 'debconf-2.0' }],
      [{ name: 'libc6', constraint: { operator: '>=', version: '2.34' } }],
      [{ name: 'perl' }],
    ]);
  });

  it('takes a missing field for no relations', () => {
    expect(parseRelations(undefined)).toEqual([]);
  });

  it('refuses what is not a relation', () => {
    expect(() => parseRelations('libc6 (=> 2)')).toThrow(/not a package relation: "libc6/);
  });

  it('writes a clause as Debian does', () => {
    const text = 'a (<< 2) | b';
    expect(parseRelations(text).map(formatClause)).toEqual([text]);
  });
});

describe('meets', () => {
  const mawk = { name: 'mawk', version: '1.3', provides: parseRelations('awk, old-awk (= 2)').flat() };
  const relation = (text: string) => parseRelations(text)[0]?.[0] ?? { name: '' };

  it.each([
    ['mawk', true],
    ['mawk (>= 1.3)', true],
    ['mawk (>> 1.3)', false],
    ['mawk (<= 1.3)', true],
    ['mawk (<< 1.3)', false],
    ['awk', true],
    ['awk (>= 1)', false],
    ['old-awk (= 2)', true],
    ['old-awk (>= 3)', false],
    ['gawk', false],
  ])('%s: %s', (text, expected) => {
    expect(meets(mawk, relation(text))).toBe(expected);
  });
});
