/**
 * The order of the course, content/course.yaml: modules, and the lessons of each. The sidebar, the course page, progress
 * and the neighbours of a page come from it; what lies in the folders but not in it, or the other way round, stops the
 * build with what to do.
 */
import { type Course, courseFile, type CourseLesson, type Module } from '../../checkers/course.ts';
import { type Locale, locales } from '../../shared/locale.ts';

/** Pages that are no lessons, by name: content/<locale>/<name>.mdx. */
export const extraPages = ['index', 'benchmark', 'progress', 'sandbox', 'glossary', 'registry', 'embed', 'authoring', 'reference'] as const;

/** Modules to show: those with lessons. */
export function shownModules(course: Course): Module[] {
  return course.modules.filter(({ lessons }) => lessons.length > 0);
}

/** Address of a lesson below its locale, such as `containers/first-container`. */
export function lessonSlug(module: Module, lesson: CourseLesson): string {
  return `${module.id}/${lesson.name}`;
}

/** What the course says of whether a lesson without an exercise has the lab; undefined if it says nothing. */
export function labByDefault(course: Course, slug: string): boolean | undefined {
  return course.modules.flatMap((module) => module.lessons.filter((lesson) => lessonSlug(module, lesson) === slug))[0]?.lab;
}

/** Old addresses below the locale, each with the slug it leads to. */
export function oldSlugs(course: Course): [old: string, slug: string][] {
  return course.modules.flatMap((module) => module.lessons.flatMap((lesson) => lesson.formerly.map((old): [string, string] => [old, lessonSlug(module, lesson)])));
}

/** Every page that is to be translated, as its file is named below the locale: the lessons in order, then the other pages with an English text. */
export function pagesToTranslate(course: Course, files: readonly string[]): string[] {
  const lessons = course.modules.flatMap((module) => module.lessons.map((lesson) => lessonSlug(module, lesson)));
  return [...lessons, ...extraPages].filter((slug) => files.includes(`${locales[0]}/${slug}.mdx`));
}

/** What the folders hold that the course does not name, and the other way round. */
export interface CourseCheck {
  /** Each stops the build: which file, what is wrong, what to do. */
  errors: string[];
  /** Translations that are missing, of lessons and of other pages; the page then shows English, and says so. */
  missing: { locale: Locale; slug: string }[];
}

/** @param files paths below content/ of all pages, such as `en/containers/first-container.mdx` */
export function checkCourse(course: Course, files: readonly string[]): CourseCheck {
  const [fallback] = locales;
  const errors: string[] = [];
  const listed = new Set(course.modules.flatMap((module) => module.lessons.map((lesson) => lessonSlug(module, lesson))));
  const found = new Map<string, Set<Locale>>();
  for (const file of files) {
    const [locale, ...rest] = file.replace(/\.mdx$/, '').split('/');
    const slug = rest.join('/');
    if (!isLocale(locale)) continue;
    if (rest.length === 1) {
      if (extraPages.some((name) => name === slug)) found.set(slug, (found.get(slug) ?? new Set()).add(locale));
      else errors.push(`content/${file}: a lesson belongs into the folder of its module; move it to content/${locale}/<module>/${slug}.mdx`);
      continue;
    }
    if (rest.length > 2 || rest[1] === 'index') {
      errors.push(`content/${file}: a lesson is a file in the folder of its module; name it content/${locale}/<module>/<lesson>.mdx`);
      continue;
    }
    const module = course.modules.find(({ id }) => id === rest[0]);
    if (module === undefined) errors.push(`content/${file}: ${courseFile} has no module “${rest[0]}”; add it there, or move the file to one of ${course.modules.map(({ id }) => id).join(', ')}`);
    else if (!listed.has(slug)) errors.push(`content/${file}: is not in ${courseFile}; add “- name: ${rest[1]}” to the lessons of the module “${module.id}”, at its place in the order`);
    found.set(slug, (found.get(slug) ?? new Set()).add(locale));
  }
  for (const slug of listed) {
    if (!found.get(slug)?.has(fallback)) errors.push(`content/${fallback}/${slug}.mdx: is in ${courseFile}, but there is no such file; write it (npm run lesson:new ${slug}), or remove its entry`);
  }
  for (const name of extraPages) {
    if (found.get(name)?.has(fallback) === false) errors.push(`content/${fallback}/${name}.mdx: there is no such file, only translations of it; write it, or remove them`);
  }
  const missing = pagesToTranslate(course, files).flatMap((slug) => locales.filter((locale) => !found.get(slug)?.has(locale)).map((locale) => ({ locale, slug })));
  for (const [old, slug] of oldSlugs(course)) {
    if (listed.has(old) || course.modules.some(({ id }) => id === old)) errors.push(`${courseFile}: the old address “${old}” of ${slug} is in use; remove it from “formerly”`);
  }
  return { errors, missing };
}

function isLocale(text: string | undefined): text is Locale {
  return locales.some((locale) => locale === text);
}
