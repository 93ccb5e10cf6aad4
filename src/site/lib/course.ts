/**
 * The order of the course, content/course.yaml: modules, and the lessons of each. The sidebar, the course page, progress
 * and the neighbours of a page come from it; what lies in the folders but not in it, or the other way round, stops the
 * build with what to do.
 */
import { z } from 'zod';
import { idSchema } from '../../checkers/assertions.ts';
import { DrydockError } from '../../shared/errors.ts';
import { type Locale, locales, localizedSchema } from '../../shared/locale.ts';
import { parseYaml } from '../../shared/yaml-data.ts';

const lessonSchema = z.strictObject({
  name: idSchema.describe('Name of the lesson’s file in the module’s folder, without .mdx; also the end of its address'),
  kind: z.enum(['lesson', 'challenge']).default('lesson').describe('A challenge has tasks, but no text that leads through them'),
  minutes: z.int().min(1).max(60).optional().describe('Time for a newcomer; estimated from text and tasks if it is left out'),
  formerly: z.array(idSchema).default([]).describe('Old addresses below the locale, which lead here'),
});

const moduleSchema = z.strictObject({
  id: idSchema.describe('Name of the module’s folder'),
  title: localizedSchema.describe('As in the list of modules'),
  summary: localizedSchema.describe('What is learned, in one sentence'),
  lessons: z.array(lessonSchema).describe('In the order in which they are to be read; a module without any is not shown'),
});

export const courseSchema = z.strictObject({ modules: z.array(moduleSchema).min(1) }).superRefine(({ modules }, context) => {
  modules.forEach(({ id, lessons }, index) => {
    if (modules.findIndex((other) => other.id === id) !== index) {
      context.addIssue({ code: 'custom', path: ['modules', index, 'id'], message: `module “${id}” is there twice; give each an id of its own` });
    }
    lessons.forEach(({ name }, at) => {
      if (lessons.findIndex((other) => other.name === name) === at) return;
      context.addIssue({ code: 'custom', path: ['modules', index, 'lessons', at, 'name'], message: `lesson “${name}” is there twice; remove one` });
    });
  });
});

export type Course = z.infer<typeof courseSchema>;
export type Module = Course['modules'][number];
export type CourseLesson = Module['lessons'][number];

/** Where the course lies in the checkout. */
export const courseFile = 'content/course.yaml';

/** Pages that are no lessons, by name: content/<locale>/<name>.mdx. */
export const extraPages = ['index', 'benchmark', 'progress', 'sandbox', 'glossary', 'registry', 'embed', 'reference'] as const;

/** Checks the text of course.yaml. Raises DD4020 with every problem, one per line. */
export function parseCourse(text: string): Course {
  const parsed = parseYaml(text, courseSchema, 'src/site/lib/course.ts');
  if (!parsed.ok) throw new DrydockError('content-invalid', { file: courseFile, problems: parsed.problems.join('\n') });
  return parsed.data;
}

/** Modules to show: those with lessons. */
export function shownModules(course: Course): Module[] {
  return course.modules.filter(({ lessons }) => lessons.length > 0);
}

/** Address of a lesson below its locale, such as `containers/first-container`. */
export function lessonSlug(module: Module, lesson: CourseLesson): string {
  return `${module.id}/${lesson.name}`;
}

/** Old addresses below the locale, each with the slug it leads to. */
export function oldSlugs(course: Course): [old: string, slug: string][] {
  return course.modules.flatMap((module) => module.lessons.flatMap((lesson) => lesson.formerly.map((old): [string, string] => [old, lessonSlug(module, lesson)])));
}

/** What the folders hold that the course does not name, and the other way round. */
export interface CourseCheck {
  /** Each stops the build: which file, what is wrong, what to do. */
  errors: string[];
  /** Translations that are missing; the page then shows English, and says so. */
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
      if (!extraPages.some((name) => name === slug)) errors.push(`content/${file}: a lesson belongs into the folder of its module; move it to content/${locale}/<module>/${slug}.mdx`);
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
  const missing: CourseCheck['missing'] = [];
  for (const slug of listed) {
    const there = found.get(slug);
    if (!there?.has(fallback)) errors.push(`content/${fallback}/${slug}.mdx: is in ${courseFile}, but there is no such file; write it (npm run lesson:new ${slug}), or remove its entry`);
    for (const locale of locales) if (locale !== fallback && there?.has(fallback) && !there.has(locale)) missing.push({ locale, slug });
  }
  for (const [old, slug] of oldSlugs(course)) {
    if (listed.has(old) || course.modules.some(({ id }) => id === old)) errors.push(`${courseFile}: the old address “${old}” of ${slug} is in use; remove it from “formerly”`);
  }
  return { errors, missing };
}

function isLocale(text: string | undefined): text is Locale {
  return locales.some((locale) => locale === text);
}
