import { expect, it } from 'vitest';
import { embedPages } from './embed-pages.ts';

it('has a lab in every language, with the title of the fallback where there is no translation', () => {
  const pages = [
    { id: 'en/images/layers', data: { title: 'Layers', exercise: 'layers' } },
    { id: 'en/images/new', data: { title: 'New', exercise: 'new' } },
    { id: 'en/sandbox', data: { title: 'Sandbox' } },
    { id: 'zh-cn/images/layers', data: { title: '层', exercise: 'layers' } },
    { id: 'zh-cn/sandbox', data: { title: '沙盒' } },
  ];
  expect(embedPages(pages)).toEqual([
    { locale: 'en', slug: 'images/layers', title: 'Layers', titleLocale: 'en', exercise: 'layers' },
    { locale: 'zh-cn', slug: 'images/layers', title: '层', titleLocale: 'zh-cn', exercise: 'layers' },
    { locale: 'en', slug: 'images/new', title: 'New', titleLocale: 'en', exercise: 'new' },
    { locale: 'zh-cn', slug: 'images/new', title: 'New', titleLocale: 'en', exercise: 'new' },
    { locale: 'en', slug: 'sandbox', title: 'Sandbox', titleLocale: 'en', exercise: undefined },
    { locale: 'zh-cn', slug: 'sandbox', title: '沙盒', titleLocale: 'zh-cn', exercise: undefined },
  ]);
});

it('does not show a text that was never written in the fallback', () => {
  expect(embedPages([{ id: 'zh-cn/only', data: { title: '只有' } }])).toEqual([{ locale: 'zh-cn', slug: 'only', title: '只有', titleLocale: 'zh-cn', exercise: undefined }]);
});
