import { expect, test } from 'vitest';
import { translatedHeadingLinks } from './heading-links.ts';

const page = (lang: string, label: string): string =>
  `<!DOCTYPE html><html lang="${lang}" dir="ltr"><h2 id="a">A &amp; B</h2><a href="#a"><span class="sr-only" data-pagefind-ignore>${label}</span></a><p>Section titled “A”</p></html>`;
const english = 'Section titled “A &amp; B”';

test('the links beside headings of a Chinese page have Chinese names', () => {
  expect(translatedHeadingLinks(page('zh-CN', english))).toBe(page('zh-CN', '“A &amp; B”一节的链接'));
});

test('an English page stays as it is', () => {
  expect(translatedHeadingLinks(page('en', english))).toBe(page('en', english));
});
