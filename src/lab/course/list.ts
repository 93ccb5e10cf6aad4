/** Shows on the course page how far the learner is in each module and lesson, and where to go on. */
import { lessonCompletion, lessonToContinue, share, sumCompletion, type Completion } from '../../checkers/completion.ts';
import { ProgressStore } from '../../checkers/progress.ts';
import { fillTemplate } from '../../shared/locale.ts';
import { progressStorage } from '../storage.ts';
import { readCourseData } from './data.ts';
import { KeptProgress, showWarnings } from './kept-progress.ts';

/** Fills the marks of the page, whose markup is src/site/components/CourseList.astro and Hero.astro. */
export function showProgress(): void {
  const { modules, strings, locale } = readCourseData();
  const progress = new KeptProgress(new ProgressStore(progressStorage()));
  const load = (name: string) => progress.load(name);
  const all = modules.map((module) => ({ module, lessons: module.lessons.map((lesson) => ({ lesson, completion: lessonCompletion(lesson, load) })) }));
  const text = (completion: Completion): string => {
    const { done, total } = share(completion);
    if (done === 0) return '';
    return done === total ? strings.lessonDone : fillTemplate(strings.progressOf, { done, total });
  };
  showWarnings(document.querySelector<HTMLElement>('[data-progress-warnings]'), progress.warnings(locale));
  for (const { module, lessons } of all) {
    fill(`[data-module="${module.id}"] [data-module-progress]`, sumCompletion(lessons.map(({ completion }) => completion)), text);
    for (const { lesson, completion } of lessons) fill(`[data-lesson="${lesson.slug}"] [data-lesson-progress]`, completion, text);
  }
  const flat = all.flatMap(({ lessons }) => lessons);
  const next = flat.some(({ completion }) => share(completion).done > 0) ? lessonToContinue(flat) : undefined;
  const link = document.querySelector<HTMLAnchorElement>('a[data-continue]');
  const label = link?.querySelector('[data-continue-label]');
  const target = next && document.querySelector<HTMLAnchorElement>(`[data-lesson="${next.slug}"] a`);
  if (!next || !link || !label || !target) return;
  link.href = target.href;
  label.textContent = fillTemplate(strings.continueWith, { title: next.title });
}

function fill(selector: string, completion: Completion, text: (completion: Completion) => string): void {
  const mark = document.querySelector<HTMLElement>(selector);
  if (!mark) return;
  const { done, total } = share(completion);
  mark.textContent = text(completion);
  mark.dataset['state'] = done === 0 ? 'open' : done === total ? 'done' : 'begun';
  mark.style.setProperty('--share', String(total === 0 ? 0 : done / total));
}
