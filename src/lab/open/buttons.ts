/** Makes a button of every `<Open>` in the lesson. Without JavaScript its text stays text: there is no button that would do nothing. */
import { fillTemplate } from '../../shared/locale.ts';
import { h, icon, type IconName } from '../dom.ts';
import type { Strings } from '../page-data.ts';
import type { OpenTarget } from './target.ts';

/** @param open takes what the text names */
export function attachOpenButtons(lesson: HTMLElement, strings: Strings, open: (target: OpenTarget) => void): void {
  for (const place of lesson.querySelectorAll<HTMLElement>('[data-open]')) {
    // Checked when the site was built: src/site/components/Open.astro.
    const target = JSON.parse(place.dataset['open'] ?? '') as OpenTarget;
    place.querySelector('.dd-open-what')?.remove();
    const { label, sign } = looks(target, strings);
    const text = h('span', {}, ...place.childNodes);
    // What is seen is part of the name, for who says it to the computer.
    const name = fillTemplate(label, { name: text.textContent?.trim().replace(/\s+/g, ' ') ?? '' });
    const button = h('button', { type: 'button', 'aria-label': name, title: place.title, 'data-testid': 'open' }, icon(sign), text);
    place.removeAttribute('title');
    button.addEventListener('click', () => open(target));
    place.replaceChildren(button);
  }
}

/** The icons are those of the lab's bar, so that what opens is known again. */
function looks(target: OpenTarget, strings: Strings): { label: string; sign: IconName } {
  switch (target.kind) {
    case 'file':
      return { label: strings.openFileLabel, sign: 'edit' };
    case 'terminal':
      return { label: target.another ? strings.openNewTerminalLabel : strings.openTerminalLabel, sign: 'terminal' };
    case 'preview':
      return { label: strings.openPreviewLabel, sign: 'globe' };
    case 'engine':
      return { label: strings.openEngineLabel, sign: 'engine' };
  }
}
