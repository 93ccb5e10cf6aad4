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
  readonly #goTo: (id: string) => void;
  readonly #row = h('span', { class: 'dd-marks' });
  readonly #count = h('span', { class: 'dd-count' });

  /** @param goTo shows a task in the lesson */
  constructor(strings: Strings, goTo: (id: string) => void) {
    this.#strings = strings;
    this.#goTo = goTo;
    this.element = h('div', { class: 'dd-summary', role: 'group', 'aria-label': strings.tasks, 'data-testid': 'task-summary' }, this.#row, this.#count);
  }

  /** Which tasks there are; `render` tells how they are. */
  setTasks(tasks: readonly SummaryTask[]): void {
    this.#row.replaceChildren(...tasks.map((task, index) => {
      const label = fillTemplate(this.#strings.goToTask, { n: index + 1, title: task.title });
      const mark = h('button', { type: 'button', class: 'dd-mark', 'aria-label': label, title: task.title });
      mark.addEventListener('click', () => this.#goTo(task.id));
      return mark;
    }));
  }

  render(statuses: readonly TaskStatus[]): void {
    const next = nextTask(statuses);
    for (const [index, mark] of [...this.#row.children].entries()) {
      mark.setAttribute('data-state', statuses[index]?.kind ?? 'open');
      if (index === next) mark.setAttribute('aria-current', 'step');
      else mark.removeAttribute('aria-current');
    }
    const values = { done: countDone(statuses), total: statuses.length };
    this.#count.textContent = fillTemplate(this.#strings.tasksShort, values);
    this.#count.title = fillTemplate(this.#strings.taskProgress, values);
  }
}
