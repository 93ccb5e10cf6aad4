/** What the page hands to its scripts: written by src/site/components/Lab.astro in the same build. */
import type { Strings } from '../site/i18n/en.ts';
import type { Exercise } from '../checkers/schema.ts';
import type { Locale } from '../shared/locale.ts';

export type { Locale, Strings };

export interface PageData {
  locale: Locale;
  strings: Strings;
  /** Checked against its schema when the site was built; undefined on a page without tasks. */
  exercise?: Exercise;
  /** Address of the machine image's manifest. */
  manifestUrl: string;
}

/** Reads the page's data. Throws if this page has none, which is a mistake in its layout. */
export function readPageData(): PageData {
  const text = document.querySelector('#drydock-lab-data')?.textContent;
  if (text === undefined || text === null) throw new TypeError('This page has no #drydock-lab-data');
  return JSON.parse(text) as PageData;
}
