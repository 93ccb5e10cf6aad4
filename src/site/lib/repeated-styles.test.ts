import { expect, test } from 'vitest';
import { withoutRepeatedStyles } from './repeated-styles.ts';

test('a style sheet is linked once, where it was linked first', () => {
  const [a, b] = ['<link rel="stylesheet" href="/a.css">', '<link rel="stylesheet" href="/b.css" media="print">'];
  expect(withoutRepeatedStyles(`${a}<p>${b}${a}</p>${b}`)).toBe(`${a}<p>${b}</p>`);
});

test('what is no style sheet stays as it is', () => {
  const html = '<link rel="preload" href="/a.css"><link rel="preload" href="/a.css"><p>&lt;link rel="stylesheet" href="/a.css"></p>';
  expect(withoutRepeatedStyles(html)).toBe(html);
});
