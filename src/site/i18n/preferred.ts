/** The reader's language; apart from the strings so that the bare address loads none of them. */
import type { Locale } from '../../shared/locale.ts';

/** The locale that suits a list of BCP 47 tags in order of preference, such as `navigator.languages`. */
export function preferredLocale(tags: readonly string[]): Locale {
  for (const tag of tags) {
    const language = tag.toLowerCase().split('-')[0];
    if (language === 'zh') return 'zh-cn';
    if (language === 'en') return 'en';
  }
  return 'en';
}
