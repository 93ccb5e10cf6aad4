/** One diagram on the page: its controls, and what the lab tells of its engine. */
import { fillTemplate } from '../../shared/locale.ts';
import { h } from '../dom.ts';
import { columns } from '../engine/board-model.ts';
import { type EngineHappening, labEvents, type LabEngineDetail } from '../events.ts';
import { codeText } from '../tasks/code-nodes.ts';
import type { DiagramData, DiagramView } from './data.ts';
import { namesByColumn, presenceIn, shortNames, shownOf, statesInWords, stepFrom } from './model.ts';

/** So long a happening stays lit, and so long the next one waits for it. */
const showMilliseconds = 1400;
/** A command makes two or three; of a container that starts over and over, the last ones are enough. */
const mostWaiting = 4;
/** Width of a letter of the names, in units of the drawing. */
const letterWidth = 6.7;

export class Diagram {
  readonly #data: DiagramData;
  readonly #parts: readonly SVGElement[];
  readonly #says: HTMLElement | null;
  readonly #live: HTMLElement | null;
  readonly #states: HTMLElement | null;
  readonly #root: HTMLElement;
  #step = 0;
  #waiting: EngineHappening[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(root: HTMLElement, data: DiagramData) {
    this.#root = root;
    this.#data = data;
    this.#parts = Array.from(root.querySelectorAll<SVGElement>('[data-drawing] [data-part]'));
    this.#says = root.querySelector('[data-says]');
    this.#live = root.querySelector('[data-live]');
    this.#states = root.querySelector('[data-states]');
    root.querySelector('[data-controls]')?.removeAttribute('hidden');
    for (const radio of root.querySelectorAll<HTMLInputElement>('[type="radio"]')) {
      radio.addEventListener('change', () => this.#choose(data.views.find(({ id }) => id === radio.value)));
    }
    const steps = root.querySelectorAll<HTMLButtonElement>('[data-step]');
    for (const button of steps) button.addEventListener('click', () => this.#go(stepFrom(this.#step, Number(button.dataset['step']), data.views.length)));
    if (steps.length > 0) this.#go(0);
  }

  /** Follows what the lab tells. @returns a function that ends it */
  follow(): () => void {
    const listen = (event: Event): void => {
      if (event instanceof CustomEvent) this.#hear(event.detail as LabEngineDetail);
    };
    document.addEventListener(labEvents.engine, listen);
    return () => {
      document.removeEventListener(labEvents.engine, listen);
      clearTimeout(this.#timer);
    };
  }

  #choose(view: DiagramView | undefined): void {
    for (const part of this.#parts) {
      part.classList.toggle('dd-lit', view?.lit.includes(part.dataset['part'] ?? '') === true);
      const { off, covered } = presenceIn({ only: part.dataset['only'], not: part.dataset['not'], covered: part.dataset['covered'] }, view?.id);
      part.classList.toggle('dd-off', off);
      part.classList.toggle('dd-covered', covered);
    }
    if (view) this.#says?.replaceChildren(...codeText(view.says));
  }

  #go(to: number | undefined): void {
    const view = to === undefined ? undefined : this.#data.views[to];
    if (to === undefined || !view) return;
    this.#step = to;
    this.#choose(view);
    const total = this.#data.views.length;
    this.#says?.prepend(h('strong', {}, ...codeText(fillTemplate(this.#data.strings.step, { n: to + 1, total, label: view.label }))), h('br', {}));
    // Not disabled: that would take the focus away from the button just pressed.
    for (const button of this.#root.querySelectorAll<HTMLButtonElement>('[data-step]')) {
      button.setAttribute('aria-disabled', String(stepFrom(to, Number(button.dataset['step']), total) === undefined));
    }
  }

  #hear(detail: LabEngineDetail): void {
    if (detail.kind === 'containers') {
      this.#showContainers(detail.containers);
      return;
    }
    if (shownOf(this.#data.views, detail) === undefined) return;
    const before = this.#waiting.at(-1);
    if (before?.what === detail.what && before.name === detail.name) return;
    this.#waiting = [...this.#waiting, detail].slice(-mostWaiting);
    if (this.#timer === undefined) this.#showNext();
  }

  /** One after the other, since a command does several things within the same moment. */
  #showNext(): void {
    const next = this.#waiting.shift();
    const shown = next && shownOf(this.#data.views, next);
    for (const part of this.#parts) part.classList.toggle('dd-now', shown?.lit.includes(part.dataset['part'] ?? '') === true);
    this.#timer = shown && setTimeout(() => this.#showNext(), showMilliseconds);
    if (shown) this.#live?.replaceChildren(...codeText(fillTemplate(this.#data.strings.now, { what: shown.says })));
  }

  #showContainers(containers: Parameters<typeof namesByColumn>[0]): void {
    const { states, strings } = this.#data;
    if (states === undefined) return;
    const names = namesByColumn(containers);
    for (const column of columns) {
      const count = this.#root.querySelector(`[data-count="${column}"]`);
      const list = this.#root.querySelector<SVGElement>(`[data-names="${column}"]`);
      if (count) count.textContent = String(names[column].length);
      if (!list) continue;
      // Without containers it says what the state is, as it did at first.
      list.dataset['words'] ??= list.textContent ?? '';
      const shown = shortNames(names[column], Math.floor(Number(list.dataset['room']) / letterWidth));
      list.textContent = shown || list.dataset['words'];
      list.classList.toggle('dd-code', shown !== '');
    }
    if (!this.#states) return;
    this.#states.hidden = false;
    const words = statesInWords(states, names, strings);
    // Written only when it is news: each writing is read out.
    if (this.#states.textContent !== words) this.#states.textContent = words;
  }
}
