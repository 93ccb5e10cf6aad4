/** What the page hands to its scripts: written by src/site/components/Lab.astro in the same build. */
import type { Strings } from '../site/i18n/en.ts';
import type { Exercise } from '../checkers/schema.ts';
import type { Locale } from '../shared/locale.ts';
import type { StartState } from '../shared/starts.ts';

export type { Locale, Strings };

export interface PageData {
  locale: Locale;
  strings: Strings;
  /** Checked against its schema when the site was built; undefined on a page without tasks. */
  exercise?: Exercise | undefined;
  page: {
    /** Address below the locale, without slashes at the ends. */
    path: string;
    title: string;
  };
  /** Id of the machine image that was there when the site was built. */
  imageId?: string | undefined;
  /** The start of the exercise, where it was made with the image. */
  start?: StartState | undefined;
  /** Address of the machine image's manifest. */
  manifestUrl: string;
  /** Address of the lessons in this language, with a slash at the end. */
  lessonUrl: string;
  /** Address of the page for previews in a window of their own. */
  previewUrl: string;
}

/** Reads the data of a page, by default of this one. Throws if it has none, which is a mistake in its layout. */
export function readPageData(page: ParentNode = document): PageData {
  const text = page.querySelector('#drydock-lab-data')?.textContent;
  if (text === undefined || text === null) throw new TypeError('This page has no #drydock-lab-data');
  return JSON.parse(text) as PageData;
}
