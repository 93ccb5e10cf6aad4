/** How far the learner is, in the lab's bar: one mark per task, like the draught marks on a hull. */
import { fillTemplate } from '../../shared/locale.ts';
import { h } from '../dom.ts';
import type { Strings } from '../page-data.ts';
import { countDone, nextTask, type TaskStatus } from './status.ts';

export interface SummaryTask {
  id: string;
  title: string;
}

export class TaskSummary {
  readonly element: HTMLElement;
  readonly #strings: Strings;
  readonly #marks: HTMLElement[];
  readonly #count = h('span', { class: 'dd-count' });

  /** @param goTo shows a task in the lesson */
  constructor(strings: Strings, tasks: readonly SummaryTask[], goTo: (id: string) => void) {
    this.#strings = strings;
    this.#marks = tasks.map((task, index) => {
      const label = fillTemplate(strings.goToTask, { n: index + 1, title: task.title });
      const mark = h('button', { type: 'button', class: 'dd-mark', 'aria-label': label, title: task.title });
      mark.addEventListener('click', () => goTo(task.id));
      return mark;
    });
    this.element = h('div', { class: 'dd-summary', role: 'group', 'aria-label': strings.tasks, 'data-testid': 'task-summary' }, h('span', { class: 'dd-marks' }, ...this.#marks), this.#count);
  }

  render(statuses: readonly TaskStatus[]): void {
    const next = nextTask(statuses);
    for (const [index, mark] of this.#marks.entries()) {
      mark.dataset['state'] = statuses[index]?.kind ?? 'open';
      if (index === next) mark.setAttribute('aria-current', 'step');
      else mark.removeAttribute('aria-current');
    }
    const values = { done: countDone(statuses), total: this.#marks.length };
    this.#count.textContent = fillTemplate(this.#strings.tasksShort, values);
    this.#count.title = fillTemplate(this.#strings.taskProgress, values);
  }
}
