import { expect, it } from 'vitest';
import { fillTemplate, localizedSchema, templateNames } from './locale.ts';

it('fills values and leaves gaps visible', () => {
  expect(fillTemplate('{name} is {state}', { name: 'web' })).toBe('web is {state}');
  expect(fillTemplate('{toString}', {})).toBe('{toString}');
  expect(templateNames('{a} {{x}} { b }')).toEqual(['a', 'x']);
});

it('refuses a text that lacks a language', () => {
  expect(localizedSchema.safeParse({ en: 'a' }).success).toBe(false);
  expect(localizedSchema.safeParse({ en: 'a', 'zh-cn': ' ' }).success).toBe(false);
  expect(localizedSchema.safeParse({ en: 'a', 'zh-cn': '甲' }).success).toBe(true);
});
