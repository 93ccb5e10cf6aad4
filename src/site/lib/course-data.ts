/** The course as the pages show it: order from course.yaml, titles from the lessons, tasks from the exercises. */
import { getCollection } from 'astro:content';
import type { LessonPlan, ModulePlan } from '../../checkers/completion.ts';
import type { CourseLesson } from '../../checkers/course.ts';
import { type Locale, locales } from '../../shared/locale.ts';
import { lessonSlug, shownModules } from './course.ts';
import { exerciseFor } from './exercise.ts';
import { quizName, quizzesFor } from './quizzes.ts';
import { estimateMinutes, readLesson } from './lesson-text.ts';
import { siteCourse } from './site-course.ts';

/** What is used of a page. Astro's own type of it is generated at the first build, and this must compile before. */
interface PageEntry {
  id: string;
  body?: string;
  data: { title: string; description?: string; exercise?: string };
}

export interface ShownLesson extends LessonPlan {
  href: string;
  description: string;
  minutes: number;
  kind: CourseLesson['kind'];
  /** Whether the text is in the language of the page; otherwise it is in English. */
  translated: boolean;
}

export interface ShownModule extends ModulePlan {
  summary: string;
  lessons: ShownLesson[];
}

/** Modules with lessons, in order. @param base sub path of the site */
export async function courseFor(locale: Locale, base: string): Promise<ShownModule[]> {
  const entries = new Map(((await getCollection('docs')) as PageEntry[]).map((entry) => [entry.id, entry]));
  const start = `${base.replace(/\/?$/, '/')}${locale}/`;
  return Promise.all(
    shownModules(siteCourse).map(async (module) => ({
      id: module.id,
      title: module.title[locale],
      summary: module.summary[locale],
      lessons: await Promise.all(
        module.lessons.map(async (lesson) => {
          const slug = lessonSlug(module, lesson);
          const own = entries.get(`${locale}/${slug}`);
          const english = entries.get(`${locales[0]}/${slug}`);
          const entry = own ?? english;
          // checkCourse has stopped the build before.
          if (!entry || !english) throw new Error(`content/en/${slug}.mdx is not there`);
          return { ...(await planOf(slug, entry, english, lesson)), href: `${start}${slug}/`, kind: lesson.kind, description: entry.data.description ?? '', translated: own !== undefined };
        }),
      ),
    })),
  );
}

async function planOf(slug: string, entry: PageEntry, english: PageEntry, lesson: CourseLesson): Promise<LessonPlan & { minutes: number }> {
  const { exercise } = entry.data;
  const tasks = exercise === undefined ? [] : (await exerciseFor(exercise)).tasks;
  const questions = (await quizzesFor(slug)).flatMap((quiz) => quiz.questions.map(({ id }) => id));
  // Of one text for every language: a lesson takes the same time in each.
  const minutes = lesson.minutes ?? estimateMinutes(readLesson(english.body ?? ''), { solutions: tasks.map(({ solution }) => solution.commands), questions: questions.length, kind: lesson.kind });
  return { slug, title: entry.data.title, exercise, tasks: tasks.map(({ id }) => id), quiz: questions.length > 0 ? quizName(slug) : undefined, questions, minutes };
}
