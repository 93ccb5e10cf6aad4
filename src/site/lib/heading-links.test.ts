import { expect, test } from 'vitest';
import { translatedHeadingLinks } from './heading-links.ts';

const html = '<h2 id="a">A &amp; B</h2><a href="#a"><span class="sr-only" data-pagefind-ignore>Section titled “A &amp; B”</span></a><p>Section titled “A”</p>';

test('the links beside headings are named in the language of the page', () => {
  expect(translatedHeadingLinks(html, 'zh-cn')).toBe(html.replace('Section titled “A &amp; B”', '“A &amp; B”一节的链接'));
});

test('English pages stay as they are', () => {
  expect(translatedHeadingLinks(html, 'en')).toBe(html);
});
