import { expect, it } from 'vitest';
import { pathMatcher } from './glob.ts';

it.each([
  ['/usr/share/man', 'usr/share/man/man1/ls.1.gz', true],
  ['/usr/share/man', 'usr/share/manual', false],
  ['/usr/share/doc/*/copyright', 'usr/share/doc/bash/copyright', true],
  ['/usr/share/doc/*/copyright', 'usr/share/doc/a/b/copyright', false],
  ['usr/**/x.txt', 'usr/a/b/x.txt', true],
  ['usr/lib/*.so', 'usr/lib/a.so', true],
  ['usr/lib/*.so', 'usr/lib/axso', false],
])('%s on %s: %s', (pattern, path, expected) => {
  expect(pathMatcher([pattern])(path)).toBe(expected);
});

it('matches nothing without patterns', () => {
  expect(pathMatcher([])('usr')).toBe(false);
});
