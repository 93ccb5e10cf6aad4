/**
 * Progress as the pages around the lessons read it. Progress that cannot be read is put aside by whoever reads it first, and told
 * only then: so what is told is kept here for as long as the page is open.
 */
import type { LessonProgress, ProgressStore } from '../../checkers/progress.ts';
import { type DrydockError, errorInOneLine, isDrydockError } from '../../shared/errors.ts';
import type { Locale } from '../../shared/locale.ts';
import { h } from '../dom.ts';

export class KeptProgress {
  readonly #store: Pick<ProgressStore, 'load'>;
  readonly #warnings = new Map<string, DrydockError>();

  constructor(store: Pick<ProgressStore, 'load'>) {
    this.#store = store;
  }

  /** @param name under which it is kept, an exercise's or a quiz's */
  load(name: string): LessonProgress {
    const { progress, warning } = this.#store.load(name);
    if (warning) this.#warnings.set(name, warning);
    // Once it can be read again, nothing is lost of it.
    else if (isDrydockError(this.#warnings.get(name), 'storage-unavailable')) this.#warnings.delete(name);
    return progress;
  }

  /** Why the browser lets nothing be read; undefined where it does. */
  get blocked(): DrydockError | undefined {
    return [...this.#warnings.values()].find((warning) => isDrydockError(warning, 'storage-unavailable'));
  }

  /** Everything that could not be read, each reason once. */
  warnings(locale: Locale): string[] {
    return [...new Set([...this.#warnings.values()].map((warning) => errorInOneLine(warning, locale)))];
  }

  /** The learner wants what there was forgotten. */
  forget(): void {
    this.#warnings.clear();
  }
}

/** Shows them, or nothing. Written only when they are news: each writing is read out. */
export function showWarnings(element: HTMLElement | null, warnings: readonly string[]): void {
  if (!element || element.textContent === warnings.join('')) return;
  element.replaceChildren(...warnings.map((warning) => h('p', {}, warning)));
}
