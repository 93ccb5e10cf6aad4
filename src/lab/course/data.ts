/** What the page hands to the course's scripts: written by src/site/components/CoursePlan.astro in the same build. */
import type { ModulePlan } from '../../checkers/completion.ts';
import type { Locale } from '../../shared/locale.ts';
import type { CourseStrings } from '../../site/i18n/course.ts';

export type { CourseStrings };

export interface CourseData {
  locale: Locale;
  strings: CourseStrings;
  modules: ModulePlan[];
}

/** Reads the page's data. Throws if this page has none, which is a mistake in its layout. */
export function readCourseData(): CourseData {
  const text = document.querySelector('#drydock-course-data')?.textContent;
  if (text === undefined || text === null) throw new TypeError('This page has no #drydock-course-data');
  return JSON.parse(text) as CourseData;
}
