/** Which labs can be put into other pages: those of all lessons in every language, whether the text is translated or not. */
import { locales, type Locale } from '../../shared/locale.ts';

/** A page of the site's content, as far as a lab without text shows it. */
export interface LabPage {
  /** Locale, then slug. */
  id: string;
  data: { title: string; exercise?: string | undefined };
}

export interface EmbedPage {
  locale: Locale;
  slug: string;
  title: string;
  /** Of the title: the fallback where there is no translation. Tasks exist in every language. */
  titleLocale: Locale;
  exercise: string | undefined;
}

const [fallback] = locales;

/** @param pages those with a lab, in any language */
export function embedPages(pages: readonly LabPage[]): EmbedPage[] {
  const byId = new Map(pages.map((page) => [page.id, page]));
  const slugs = new Set(pages.map(({ id }) => id.slice(id.indexOf('/') + 1)));
  return [...slugs].flatMap((slug) =>
    locales.flatMap((locale) => {
      const titleLocale = byId.has(`${locale}/${slug}`) ? locale : fallback;
      const page = byId.get(`${titleLocale}/${slug}`);
      return page === undefined ? [] : [{ locale, slug, title: page.data.title, titleLocale, exercise: page.data.exercise }];
    }),
  );
}
