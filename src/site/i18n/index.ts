/** Strings of the user interface by locale, and which locale an address or a reader asks for. */
import { locales, type Locale } from '../../shared/locale.ts';
import { en, type Strings } from './en.ts';
import { zhCn } from './zh-cn.ts';

export type { Locale, Strings };

const stringsByLocale: Record<Locale, Strings> = { en, 'zh-cn': zhCn };

/** BCP 47 tag of each locale, for `<html lang>`. */
export const localeTags: Record<Locale, string> = { en: 'en', 'zh-cn': 'zh-CN' };

/** The locale for the first part of an address; the site's default for anything else. */
export function toLocale(segment: string | undefined): Locale {
  return locales.find((locale) => locale === segment) ?? locales[0];
}

/** The strings of a locale. */
export function stringsFor(locale: Locale): Strings {
  return stringsByLocale[locale];
}
