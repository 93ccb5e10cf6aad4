/** What the link beside a heading is called, for those who hear the page. */
import type { Locale } from '../../shared/locale.ts';

/** As Starlight calls it in English. */
const label = /(<span class="sr-only"[^>]*>)Section titled “(.*?)”(<\/span>)/g;

const labels: Readonly<Record<Exclude<Locale, 'en'>, (title: string) => string>> = {
  'zh-cn': (title) => `“${title}”一节的链接`,
};

/**
 * The page with these names in its own language. Starlight takes the language of a text from its place below src/content/docs, which is
 * not where the lessons are, and has no Chinese for this one.
 */
export function translatedHeadingLinks(html: string, locale: Locale): string {
  if (locale === 'en') return html;
  return html.replace(label, (_, before: string, title: string, after: string) => before + labels[locale](title) + after);
}
