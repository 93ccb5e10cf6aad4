/** Brings the task cards of the lesson to life: state, and the reason why it is not done yet. */
import { errorInOneLine } from '../../shared/errors.ts';
import type { Locale, Strings } from '../page-data.ts';
import { codeText } from './code-nodes.ts';
import type { TaskStatus } from './status.ts';

/** Shows the state of a task on every card of it. The card's markup is src/site/components/Task.astro. */
export function showOnCards(lesson: HTMLElement, taskId: string, status: TaskStatus, locale: Locale, strings: Strings): void {
  const words = { open: strings.taskOpen, done: strings.taskDone, wrong: strings.taskWrong, error: strings.taskError };
  for (const card of lesson.querySelectorAll<HTMLElement>(`.dd-task[data-task="${CSS.escape(taskId)}"]`)) {
    card.dataset['state'] = status.kind;
    const state = card.querySelector('[data-task-state]');
    if (state) state.textContent = words[status.kind];
    const reason = card.querySelector<HTMLElement>('[data-task-reason]');
    if (!reason) continue;
    const text = reasonText(status, locale);
    reason.hidden = text === undefined;
    reason.replaceChildren(...codeText(text ?? ''));
  }
}

/** What is to be read below the task, if anything. */
export function reasonText(status: TaskStatus, locale: Locale): string | undefined {
  if (status.kind === 'wrong') return status.reason[locale];
  return status.kind === 'error' ? errorInOneLine(status.error, locale) : undefined;
}
