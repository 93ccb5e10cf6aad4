/** Reads the course from the checkout: for Astro's configuration, which runs before there is any module of the site. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Course, courseFile, parseCourse } from '../../checkers/course.ts';
import { DrydockError } from '../../shared/errors.ts';
import { splitFrontmatter } from '../../shared/frontmatter.ts';
import { type Locale, locales } from '../../shared/locale.ts';
import { checkCourse, type CourseCheck, pagesToTranslate } from './course.ts';
import { markField, pageText, type TranslationReport, type TranslationState, translationState } from './translation.ts';

/** The course, and what of its translations is missing or stale. Raises DD4020 for a mistake in the file, or between it and the folders. */
export function readCourse(root: string): { course: Course; translations: TranslationReport } {
  const course = parseCourse(readFileSync(join(root, courseFile), 'utf8'));
  const files = pageFiles(root);
  const { errors, missing } = checkCourse(course, files);
  if (errors.length > 0) throw new DrydockError('content-invalid', { file: courseFile, problems: errors.join('\n') });
  return { course, translations: { missing, ...staleTranslations(root, pagesToTranslate(course, files), missing) } };
}

function staleTranslations(root: string, slugs: readonly string[], missing: CourseCheck['missing']): Pick<TranslationReport, 'stale' | 'unmarked'> {
  const [source, ...others] = locales;
  const pageIn = (locale: Locale, slug: string) => splitFrontmatter(readFileSync(join(root, 'content', locale, `${slug}.mdx`), 'utf8'));
  const found: Record<TranslationState, TranslationReport['stale']> = { current: [], stale: [], unmarked: [] };
  for (const slug of slugs) {
    const english = pageText(pageIn(source, slug));
    for (const locale of others) {
      if (missing.some((one) => one.locale === locale && one.slug === slug)) continue;
      found[translationState(pageIn(locale, slug).frontmatter[markField], english)].push({ locale, slug });
    }
  }
  const { stale, unmarked } = found;
  return { stale, unmarked };
}

/** Paths below content/ of every page, sorted. */
export function pageFiles(root: string): string[] {
  return globSync('{en,zh-cn}/**/[!_]*.mdx', { cwd: join(root, 'content') })
    .map((file) => file.replaceAll('\\', '/'))
    .toSorted();
}
