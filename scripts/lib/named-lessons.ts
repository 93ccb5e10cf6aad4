/** Which lessons the words of a command line mean. */
import type { LessonFiles } from '../../src/site/lib/lesson-files.ts';
import { SetupError } from './run.ts';

/** A lesson is named `<module>/<name>`, or by its name, its exercise or its file alone, or by its module for all of them. */
export function lessonsNamed(files: LessonFiles, name: string): LessonFiles['lessons'] {
  const wanted = name.replace(/^content\/(en|zh-cn)\/|\.mdx$/g, '');
  const found = files.lessons.filter(({ slug, exercise }) => slug === wanted || slug.split('/')[1] === wanted || exercise === wanted || slug.split('/')[0] === wanted);
  if (found.length > 0) return found;
  throw new SetupError(`there is no lesson “${name}”. The lessons are ${files.lessons.map(({ slug }) => slug).join(', ')}.`);
}
