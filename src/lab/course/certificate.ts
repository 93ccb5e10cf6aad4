/**
 * A page to print: which exercises this browser saw done, and when. It claims no more than that: nobody supervised the
 * work, and the page says so.
 */
import { type Completion, type LessonPlan, type ModulePlan, share, sumCompletion } from '../../checkers/completion.ts';
import { fillTemplate } from '../../shared/locale.ts';
import { h } from '../dom.ts';
import type { CourseStrings } from './data.ts';

export interface CertificateData {
  modules: { module: ModulePlan; lessons: { lesson: LessonPlan; completion: Completion }[] }[];
  strings: CourseStrings;
  date: Intl.DateTimeFormat;
  /** Hints that were opened. */
  hints: number;
}

/** Fills the section of the page, again after each change. */
export function showCertificate(section: HTMLElement, { modules, strings, date, hints }: CertificateData): void {
  const part = <T extends HTMLElement = HTMLElement>(selector: string): T => {
    const element = section.querySelector<T>(selector);
    if (!element) throw new TypeError(`The certificate has no ${selector}`);
    return element;
  };
  const finished = modules
    .map(({ module, lessons }) => ({ module, whole: sumCompletion(lessons.map(({ completion }) => completion)), lessons: lessons.filter(({ completion }) => completion.finished) }))
    .filter(({ lessons }) => lessons.length > 0);
  part('[data-certificate-empty]').hidden = finished.length > 0;
  part('[data-certificate-form]').hidden = finished.length === 0;
  part('[data-sheet]').hidden = finished.length === 0;
  const table = part<HTMLTableElement>('table');
  for (const body of Array.from(table.tBodies)) body.remove();
  // A body for each module, whose heading then stands over its own lessons only.
  table.append(
    ...finished.map(({ module, whole, lessons }) =>
      h('tbody', {},
        h('tr', {}, h('th', { scope: 'rowgroup', colspan: 3 }, whole.finished ? fillTemplate(strings.certificateModuleDone, { title: module.title }) : module.title)),
        ...lessons.map(({ lesson, completion }) =>
          h('tr', {}, h('th', { scope: 'row' }, lesson.title), h('td', {}, checked(completion, strings)), h('td', {}, completion.finished ? date.format(completion.finished) : ''))))),
  );
  part('[data-honest]').textContent = fillTemplate(strings.certificateHonest, { hints });
  part('[data-printed]').textContent = fillTemplate(strings.certificatePrinted, { date: date.format(new Date()) });
  const name = part<HTMLInputElement>('[data-name]');
  name.oninput = () => {
    part('[data-for]').hidden = name.value.trim() === '';
    part('[data-for-name]').textContent = name.value.trim();
  };
  part<HTMLFormElement>('[data-certificate-form]').onsubmit = (event) => {
    event.preventDefault();
    window.print();
  };
}

/** What was checked, as in “7 tasks, 3 questions”. */
function checked(completion: Completion, strings: CourseStrings): string {
  const { tasks, questions } = completion;
  const parts: string[] = [];
  if (tasks > 0) parts.push(tasks === 1 ? strings.task : fillTemplate(strings.tasks, { n: tasks }));
  if (questions > 0) parts.push(questions === 1 ? strings.question : fillTemplate(strings.questions, { n: questions }));
  return share(completion).total === 0 ? '' : parts.join(strings.listSeparator);
}
