/**
 * The languages a learner can read, and text that exists in every one of them.
 *
 * One place, so that a language cannot be forgotten: adding one here makes every incomplete text a type or schema error.
 */
import { z } from 'zod';

/** Every locale, the first being the one to fall back to. The values are the site's URL segments. */
export const locales = ['en', 'zh-cn'] as const;

export const localeSchema = z.enum(locales);
export type Locale = z.infer<typeof localeSchema>;

const text = z.string().trim().min(1);

export const localizedSchema = z
  .strictObject({ en: text.describe('English'), 'zh-cn': text.describe('Simplified Chinese') })
  .describe('One text in every language');

/** One text in every language. */
export type Localized = Record<Locale, string>;

/** Values put in place of `{name}` in a text. */
export type TemplateValues = Readonly<Record<string, string | number>>;

/** Replaces each `{name}` by its value; a name without a value stays as written, so that the gap is seen. */
export function fillTemplate(template: string, values: TemplateValues): string {
  return template.replace(/\{([A-Za-z][A-Za-z0-9]*)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
}

/** The names in braces of a template, in order of appearance. */
export function templateNames(template: string): string[] {
  return [...template.matchAll(/\{([A-Za-z][A-Za-z0-9]*)\}/g)].map((match) => match[1] ?? '');
}

/** {@link fillTemplate} in every language. */
export function fillLocalized(text: Localized, values: TemplateValues): Localized {
  return { en: fillTemplate(text.en, values), 'zh-cn': fillTemplate(text['zh-cn'], values) };
}
