/** Reads lessons from the checkout with all that they are checked against. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Course, courseFile, parseCourse } from '../../checkers/course.ts';
import { loadExercise } from '../../checkers/load-exercise.ts';
import { parseQuizzes } from '../../checkers/load-quiz.ts';
import { isDrydockError, reasonOf } from '../../shared/errors.ts';
import { type Locale, locales } from '../../shared/locale.ts';
import { checkCourse, labByDefault, lessonSlug } from './course.ts';
import { pageFiles } from './course-files.ts';
import { glossaryFile, parseGlossary } from './glossary.ts';
import { checkLesson, type LessonProblem, type LessonToCheck } from './lesson-check.ts';
import { type LessonText, readLesson } from './lesson-text.ts';

/** Lessons of the course, and mistakes that concern all of them. */
export interface LessonFiles {
  course: Course;
  /** In the order of the course, then lessons that it does not name. */
  lessons: { slug: string; texts: Partial<Record<Locale, LessonText>>; exercise: string | undefined }[];
  pages: LessonToCheck['pages'];
  /** About the course as a whole: what is listed and not there, and the other way round. */
  errors: string[];
}

/** Raises DD4020 if the course itself cannot be read. */
export async function readLessons(root: string): Promise<LessonFiles> {
  const course = parseCourse(await readFile(join(root, courseFile), 'utf8'));
  const files = pageFiles(root);
  const pages = new Map<string, Partial<Record<Locale, LessonText>>>();
  for (const file of files) {
    const locale = locales.find((candidate) => file.startsWith(`${candidate}/`));
    if (locale === undefined) continue;
    const name = file.slice(locale.length + 1).replace(/\.mdx$/, '');
    const slug = name === 'index' ? '' : name;
    pages.set(slug, { ...pages.get(slug), [locale]: readLesson(await readFile(join(root, 'content', file), 'utf8')) });
  }
  const listed = course.modules.flatMap((module) => module.lessons.map((lesson) => lessonSlug(module, lesson)));
  const others = [...pages.keys()].filter((slug) => slug.includes('/') && !listed.includes(slug));
  const lessons = [...listed, ...others].map((slug) => {
    const texts = pages.get(slug) ?? {};
    const named = locales.map((locale) => texts[locale]?.frontmatter['exercise']).find((value) => typeof value === 'string');
    return { slug, texts, exercise: named };
  });
  return { course, lessons, pages, errors: checkCourse(course, files).errors };
}

/** All that is wrong with one lesson, as far as it shows without a machine. Never throws for a mistake of its author. */
export async function checkLessonFiles(root: string, { slug, texts, exercise: id }: LessonFiles['lessons'][number], files: LessonFiles): Promise<LessonProblem[]> {
  const problems: LessonProblem[] = [];
  let exercise: LessonToCheck['exercise'];
  if (id !== undefined) {
    const file = `content/exercises/${id}/exercise.yaml`;
    try {
      if (existsSync(join(root, file))) exercise = await loadExercise(file, (path) => readFile(join(root, path), 'utf8'), files);
    } catch (error) {
      problems.push(problemOf(file, error));
    }
  }
  const quizzes = new Set<string>();
  const file = `content/quizzes/${slug.split('/').at(-1)}.yaml`;
  try {
    if (existsSync(join(root, file))) for (const quiz of parseQuizzes(file, await readFile(join(root, file), 'utf8')).quizzes) quizzes.add(quiz.id);
  } catch (error) {
    problems.push(problemOf(file, error));
  }
  const terms = new Set<string>();
  try {
    for (const { id } of parseGlossary(await readFile(join(root, glossaryFile), 'utf8'))) terms.add(id);
  } catch (error) {
    problems.push(problemOf(glossaryFile, error));
  }
  // Without its tasks, the lesson would seem to be wrong in everything.
  if (problems.length > 0) return problems;
  return checkLesson({ slug, texts, exercise, lab: labByDefault(files.course, slug), pages: files.pages, terms, quizzes });
}

/** The first line that an error names; the error itself names all. */
function problemOf(file: string, error: unknown): LessonProblem {
  return { file, line: Number(/line (\d+)/.exec(String(error))?.[1] ?? 1), text: isDrydockError(error) && 'problems' in error.params ? String(error.params['problems']) : reasonOf(error), severity: 'error' };
}
