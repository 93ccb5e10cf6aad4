/** Tells a learner who listens instead of looking: one polite live region for the whole lab, also shown as a toast. */
import { h } from './dom.ts';

/** Toasts go after this time; long enough to read a short sentence twice. */
const toastMilliseconds = 5000;

export class Announcer {
  /** Put it into the document before the first announcement: only then do screen readers watch it. */
  readonly element = h('div', { class: 'dd-announcer', role: 'status', 'aria-live': 'polite', 'data-testid': 'announcer' });
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Says and shows a text, in place of the one before. */
  say(text: string): void {
    clearTimeout(this.#timer);
    this.element.replaceChildren(h('p', {}, text));
    this.#timer = setTimeout(() => this.element.replaceChildren(), toastMilliseconds);
  }
}
