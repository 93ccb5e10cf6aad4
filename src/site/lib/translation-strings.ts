/** What a page says when it is a translation of an older text; only languages into which is translated need it. */
import { type Locale, locales } from '../../shared/locale.ts';

interface TranslationStrings {
  readonly stale: string;
  readonly readEnglish: string;
}

export const translationStrings: Readonly<Record<Exclude<Locale, (typeof locales)[0]>, TranslationStrings>> = {
  'zh-cn': {
    stale: '这一页的英文版已更新，中文译文尚未跟上，个别内容可能与实际不符。',
    readEnglish: '阅读英文版',
  },
};
