/** Reads lessons from the checkout with all that they are checked against. */
import { existsSync, globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Course, courseFile, parseCourse } from '../../checkers/course.ts';
import { loadExercise } from '../../checkers/load-exercise.ts';
import { parseQuizzes } from '../../checkers/load-quiz.ts';
import { isDrydockError, reasonOf } from '../../shared/errors.ts';
import { type Locale, locales } from '../../shared/locale.ts';
import { parseChooser } from './chooser.ts';
import { checkCourse, extraPages, labByDefault, lessonSlug } from './course.ts';
import { pageFiles } from './course-files.ts';
import { glossaryFile, parseGlossary } from './glossary.ts';
import { checkLesson, checkPageTranslations, type LessonProblem, type LessonToCheck } from './lesson-check.ts';
import { checkFrontmatterFields, checkPageFrontmatter, checkSource } from './lesson-source.ts';
import { type LessonText, readLesson } from './lesson-text.ts';
import { type Placed, placedProblems } from './placed.ts';
import { misspeltInYaml } from './yaml-commands.ts';

/** Lessons of the course, and mistakes that concern all of them. */
export interface LessonFiles {
  course: Course;
  /** In the order of the course, then lessons that it does not name. */
  lessons: { slug: string; texts: Partial<Record<Locale, LessonText>>; exercise: string | undefined }[];
  /** Pages that are no lessons, named like their files: the front page is `index`. */
  others: Pick<LessonToCheck, 'slug' | 'texts'>[];
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
  const unlisted = [...pages.keys()].filter((slug) => slug.includes('/') && !listed.includes(slug));
  const lessons = [...listed, ...unlisted].map((slug) => {
    const texts = pages.get(slug) ?? {};
    const named = locales.map((locale) => texts[locale]?.frontmatter['exercise']).find((value) => typeof value === 'string');
    return { slug, texts, exercise: named };
  });
  const others = extraPages.flatMap((slug) => {
    const texts = pages.get(slug === 'index' ? '' : slug);
    return texts === undefined ? [] : [{ slug, texts }];
  });
  return { course, lessons, others, pages, errors: checkCourse(course, files).errors };
}

/** All that is wrong with one lesson, as far as it shows without a machine. Never throws for a mistake of its author. */
export async function checkLessonFiles(root: string, { slug, texts, exercise: id }: LessonFiles['lessons'][number], files: LessonFiles): Promise<LessonProblem[]> {
  const problems: LessonProblem[] = [];
  const choosers = chooserNames(root);
  for (const locale of locales) {
    if (texts[locale] === undefined) continue;
    const file = `content/${locale}/${slug}.mdx`;
    const text = await readFile(join(root, file), 'utf8');
    problems.push(...inFile(file, [...checkFrontmatterFields(text), ...checkSource(text, choosers)]));
  }
  const read = problems.length;
  const exercise = id === undefined ? undefined : await checkedYaml(root, `content/exercises/${id}/exercise.yaml`, problems, (file, text) => loadExercise(file, async () => text, files));
  const quizzes = await checkedYaml(root, `content/quizzes/${slug.split('/').at(-1)}.yaml`, problems, parseQuizzes);
  // Its own mistakes are told by checkSharedFiles.
  const glossary = await readFile(join(root, glossaryFile), 'utf8').then(parseGlossary).catch(() => undefined);
  // Without its tasks, questions or terms, the lesson would seem to be wrong in everything.
  if (problems.slice(read).some(({ severity }) => severity === 'error') && (exercise === undefined || quizzes === undefined)) return problems;
  if (glossary === undefined) return problems;
  const known = { terms: new Set(glossary.map((term) => term.id)), quizzes: new Set(quizzes?.quizzes.map((quiz) => quiz.id)) };
  return [...problems, ...checkLesson({ slug, texts, exercise, lab: labByDefault(files.course, slug), pages: files.pages, ...known })];
}

/** All that is wrong with what lessons share, with what none of them has, and with the pages that are no lessons. */
export async function checkSharedFiles(root: string, { lessons, others }: LessonFiles): Promise<LessonProblem[]> {
  const problems: LessonProblem[] = [];
  await checkedYaml(root, glossaryFile, problems, (_, text) => parseGlossary(text));
  const choosers = chooserNames(root);
  for (const id of choosers) await checkedYaml(root, `content/choosers/${id}.yaml`, problems, parseChooser);
  for (const page of pageFiles(root).filter((file) => file.split('/').length === 2)) {
    const file = `content/${page}`;
    const text = await readFile(join(root, file), 'utf8');
    problems.push(...inFile(file, [...checkPageFrontmatter(text), ...checkSource(text, choosers)]));
  }
  problems.push(...others.flatMap(checkPageTranslations));
  const exercises = new Set(lessons.map(({ exercise }) => exercise));
  for (const file of globSync('content/exercises/*/exercise.yaml', { cwd: root })) {
    const id = basename(dirname(file));
    if (exercises.has(id)) continue;
    problems.push(...inFile(file, [{ line: 1, text: `no lesson has this exercise; write “exercise: ${id}” into the frontmatter of one, or remove the folder` }]));
  }
  const names = new Set(lessons.map(({ slug }) => basename(slug)));
  for (const file of globSync('content/quizzes/*.yaml', { cwd: root })) {
    if (names.has(basename(file, '.yaml'))) continue;
    problems.push(...inFile(file, [{ line: 1, text: `there is no lesson ${basename(file, '.yaml')}; name the file like the lesson it belongs to, or remove it` }]));
  }
  return problems;
}

/** One line of a report: where, what, and what to do. */
export function problemLine({ file, line, text, severity }: LessonProblem): string {
  return `${severity.padEnd(7)} ${file}:${line}: ${text}`;
}

/** Reads a file and adds what is wrong with it. @returns undefined if it is not there or its schema refuses it */
async function checkedYaml<T>(root: string, file: string, problems: LessonProblem[], parse: (file: string, text: string) => T | Promise<T>): Promise<T | undefined> {
  if (!existsSync(join(root, file))) return undefined;
  const text = await readFile(join(root, file), 'utf8');
  try {
    const parsed = await parse(file, text);
    problems.push(...inFile(file, misspeltInYaml(text)));
    return parsed;
  } catch (error) {
    problems.push(...inFile(file, placedProblems(isDrydockError(error) && 'problems' in error.params ? String(error.params['problems']) : reasonOf(error))));
    return undefined;
  }
}

function inFile(file: string, placed: readonly Placed[]): LessonProblem[] {
  return placed.map(({ line, text }) => ({ file, line, text, severity: 'error' }));
}

function chooserNames(root: string): ReadonlySet<string> {
  return new Set(globSync('content/choosers/*.yaml', { cwd: root }).map((file) => basename(file, '.yaml')));
}
