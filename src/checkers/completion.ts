/** How much of the course is done: tasks and questions counted together, by lesson and by module. */
import type { LessonProgress } from './progress.ts';

/** What of a lesson is checked. */
export interface LessonPlan {
  /** Address below the locale. */
  slug: string;
  title: string;
  /** Name under which the progress of its exercise is kept; undefined if it has none. */
  exercise?: string | undefined;
  tasks: string[];
  /** Name under which the progress of its quizzes is kept; undefined if it has none. */
  quiz?: string | undefined;
  questions: string[];
}

export interface ModulePlan {
  id: string;
  title: string;
  lessons: LessonPlan[];
}

export interface Completion {
  tasks: number;
  tasksDone: number;
  questions: number;
  questionsDone: number;
  /** When the last of it was done; undefined while something is open, or if nothing is checked. */
  finished: Date | undefined;
}

/** @param load progress by the name it is kept under, such as `ProgressStore.load` gives */
export function lessonCompletion(plan: LessonPlan, load: (name: string) => LessonProgress): Completion {
  const done = plan.exercise === undefined ? {} : load(plan.exercise).done;
  const answered = (plan.quiz === undefined ? undefined : load(plan.quiz).answered) ?? {};
  const dates = [...plan.tasks.map((id) => done[id]), ...plan.questions.map((id) => answered[id])];
  return {
    tasks: plan.tasks.length,
    tasksDone: plan.tasks.filter((id) => id in done).length,
    questions: plan.questions.length,
    questionsDone: plan.questions.filter((id) => id in answered).length,
    finished: latest(dates.map((date) => (date === undefined ? undefined : new Date(date)))),
  };
}

/** The sum of several. */
export function sumCompletion(parts: readonly Completion[]): Completion {
  const sum = (value: (part: Completion) => number): number => parts.reduce((total, part) => total + value(part), 0);
  return {
    tasks: sum((part) => part.tasks),
    tasksDone: sum((part) => part.tasksDone),
    questions: sum((part) => part.questions),
    questionsDone: sum((part) => part.questionsDone),
    // A lesson that checks nothing keeps nobody from finishing.
    finished: latest(parts.filter((part) => part.tasks + part.questions > 0).map((part) => part.finished)),
  };
}

/** Done and to be done. */
export function share({ tasks, tasksDone, questions, questionsDone }: Completion): { done: number; total: number } {
  return { done: tasksDone + questionsDone, total: tasks + questions };
}

/** The first lesson with something open behind the last that was begun; the first open one if none was; undefined when all is done. */
export function lessonToContinue<T>(lessons: readonly { lesson: T; completion: Completion }[]): T | undefined {
  const open = ({ completion }: { completion: Completion }): boolean => share(completion).done < share(completion).total;
  const begun = lessons.findLastIndex(({ completion }) => share(completion).done > 0);
  return (lessons.slice(Math.max(begun, 0)).find(open) ?? lessons.find(open))?.lesson;
}

/** The latest of the dates; undefined if there is none or one of them is missing. */
function latest(dates: readonly (Date | undefined)[]): Date | undefined {
  let last: Date | undefined;
  for (const date of dates) {
    if (date === undefined) return undefined;
    if (last === undefined || date > last) last = date;
  }
  return last;
}
