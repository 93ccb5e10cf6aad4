/** Putting items in order by buttons, which works with keyboard, mouse, touch and screen reader alike. */
import { moved } from '../../checkers/quiz-answers.ts';
import { fillTemplate } from '../../shared/locale.ts';
import { iconButton } from '../dom.ts';
import type { QuizStrings } from '../../site/i18n/quiz.ts';

/** Gives each item its buttons. @param say tells where an item came to stand */
export function attachOrder(list: HTMLOListElement, strings: QuizStrings, say: (text: string) => void): void {
  const textOf = (item: Element): string => item.querySelector('[data-item-text]')?.textContent?.trim() ?? '';
  const move = (item: Element, by: number, button: HTMLButtonElement): void => {
    const items = [...list.children];
    list.replaceChildren(...moved(items, items.indexOf(item), by));
    enable();
    // The button keeps the focus; at the end, where it is off, the other one takes it.
    if (button.disabled) item.querySelector<HTMLButtonElement>('button:enabled')?.focus();
    else button.focus();
    say(fillTemplate(strings.moved, { item: textOf(item), n: [...list.children].indexOf(item) + 1, total: items.length }));
  };
  const enable = (): void => {
    [...list.children].forEach((item, index, items) => {
      const [up, down] = item.querySelectorAll('button');
      if (up) up.disabled = index === 0;
      if (down) down.disabled = index === items.length - 1;
    });
  };
  for (const item of list.children) {
    const up = iconButton('up', fillTemplate(strings.up, { item: textOf(item) }), () => move(item, -1, up));
    const down = iconButton('down', fillTemplate(strings.down, { item: textOf(item) }), () => move(item, 1, down));
    item.append(up, down);
  }
  enable();
}
