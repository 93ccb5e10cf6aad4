import { describe, expect, it } from 'vitest';
import { templateNames } from '../../shared/locale.ts';
import { en } from './en.ts';
import { localeTags, stringsFor, toLocale } from './index.ts';
import { preferredLocale } from './preferred.ts';
import { zhCn } from './zh-cn.ts';

const placeholders = (text: string): string[] => templateNames(text).toSorted();

describe('strings', () => {
  it('has the same values to fill in, in every locale', () => {
    for (const strings of Object.keys(localeTags).map((locale) => stringsFor(toLocale(locale)))) {
      for (const key of Object.keys(en) as (keyof typeof en)[]) {
        expect(placeholders(strings[key]), key).toEqual(placeholders(en[key]));
      }
    }
  });

  it('leaves no string empty and none untranslated', () => {
    for (const key of Object.keys(en) as (keyof typeof en)[]) {
      expect(zhCn[key].trim(), key).not.toBe('');
      expect(zhCn[key], key).not.toBe(en[key] === 'OK' ? '' : en[key]);
    }
  });

  it('has Chinese punctuation in Chinese sentences', () => {
    for (const [key, text] of Object.entries(zhCn)) expect(text, key).not.toMatch(/[\u4e00-\u9fff][,;:?!]/);
  });
});

describe('locale', () => {
  it('comes from the first part of the address', () => {
    expect(toLocale('zh-cn')).toBe('zh-cn');
    expect(toLocale('en')).toBe('en');
    expect(toLocale(undefined)).toBe('en');
    expect(stringsFor('zh-cn').run).toBe('运行');
  });

  it('is chosen by the first language we have', () => {
    expect(preferredLocale(['fr-FR', 'zh-TW', 'en'])).toBe('zh-cn');
    expect(preferredLocale(['EN-gb', 'zh-CN'])).toBe('en');
    expect(preferredLocale(['de'])).toBe('en');
    expect(preferredLocale([])).toBe('en');
  });
});
