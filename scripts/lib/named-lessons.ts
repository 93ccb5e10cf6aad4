/** Which lessons, or pages, the words of a command line mean. */
import type { LessonFiles } from '../../src/site/lib/lesson-files.ts';
import { SetupError } from './run.ts';

/** A lesson is named `<module>/<name>`, or by its name, its exercise or its file alone, or by its module for all of them. */
export function lessonsNamed(files: LessonFiles, name: string): LessonFiles['lessons'] {
  const found = lessonsLike(files, name);
  if (found.length > 0) return found;
  throw new SetupError(`there is no lesson “${name}”. The lessons are ${slugs(files.lessons)}.`);
}

/** The same, and a page that is no lesson by its name or its file; that name means nothing else then. */
export function pagesNamed(files: LessonFiles, name: string): LessonFiles['others'] {
  const page = files.others.filter(({ slug }) => slug === slugOf(name));
  const found = page.length > 0 ? page : lessonsLike(files, name);
  if (found.length > 0) return found;
  throw new SetupError(`there is no lesson or page “${name}”. The lessons are ${slugs(files.lessons)}; the other pages are ${slugs(files.others)}.`);
}

function lessonsLike(files: LessonFiles, name: string): LessonFiles['lessons'] {
  const wanted = slugOf(name);
  return files.lessons.filter(({ slug, exercise }) => slug === wanted || slug.split('/')[1] === wanted || exercise === wanted || slug.split('/')[0] === wanted);
}

function slugOf(name: string): string {
  return name.replace(/^content\/(en|zh-cn)\/|\.mdx$/g, '');
}

function slugs(pages: LessonFiles['others']): string {
  return pages.map(({ slug }) => slug).join(', ');
}
