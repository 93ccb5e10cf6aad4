/** Adds a Run button to every shell block of the lesson. Without JavaScript there is none that would do nothing. */
import { fillTemplate } from '../shared/locale.ts';
import { h, icon } from './dom.ts';
import type { Strings } from './page-data.ts';

/** Most characters of the command in the button's name. */
const longestName = 60;

/** @param run takes the text of the block */
export function attachRunButtons(lesson: HTMLElement, strings: Strings, run: (code: string) => void): void {
  for (const pre of lesson.querySelectorAll<HTMLElement>('.expressive-code pre[data-language="sh"]')) {
    const frame = pre.closest('figure');
    const code = frame ? codeOf(frame, pre) : '';
    if (!frame || code === '') continue;
    const button = h('button', { type: 'button', class: 'dd-run', 'aria-label': fillTemplate(strings.runLabel, { command: shorten(code) }), 'data-testid': 'run' }, icon('play'), h('span', {}, strings.run));
    button.addEventListener('click', () => run(code));
    frame.classList.add('dd-runnable');
    frame.append(button);
  }
}

/** The exact text, as the Copy button has it; the lines shown would do as well. */
function codeOf(frame: HTMLElement, pre: HTMLElement): string {
  // Expressive Code keeps line breaks as U+007F in the attribute.
  const copied = frame.querySelector<HTMLElement>('.copy button')?.dataset['code'];
  if (copied !== undefined) return copied.replaceAll('\u007f', '\n').trim();
  return [...pre.querySelectorAll('.ec-line .code')].map((line) => line.textContent ?? '').join('\n').trim();
}

function shorten(code: string): string {
  const line = code.replace(/\s*\n\s*/g, '; ');
  return line.length <= longestName ? line : `${line.slice(0, longestName - 1)}…`;
}
