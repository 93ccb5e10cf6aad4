/** The engine's images to choose from: native radio buttons, so that arrow keys move the choice and it is one stop for Tab. */
import { fillTemplate } from '../../../shared/locale.ts';
import { h } from '../../dom.ts';
import { formatBytes } from '../../machine/progress.ts';
import type { Strings } from '../../page-data.ts';
import type { ImageRow } from './images-model.ts';
import { setChildren } from './keep-focus.ts';

export class ImageList {
  readonly element: HTMLElement;
  readonly #strings: Strings;
  readonly #onChoose: (id: string) => void;
  readonly #rows = h('div', { class: 'dd-image-rows' });
  readonly #known = new Map<string, { element: HTMLElement; input: HTMLInputElement; text: HTMLElement }>();

  constructor(strings: Strings, onChoose: (id: string) => void) {
    this.#strings = strings;
    this.#onChoose = onChoose;
    this.element = h('fieldset', { class: 'dd-image-list', 'data-testid': 'images' }, h('legend', {}, strings.engineImages), this.#rows);
  }

  render(rows: readonly ImageRow[], chosen: string | undefined): void {
    for (const id of this.#known.keys()) if (!rows.some((row) => row.id === id)) this.#known.delete(id);
    const shown = rows.map((row) => {
      const known = this.#known.get(row.id) ?? this.#make(row.id);
      known.input.checked = row.id === chosen;
      known.text.replaceChildren(...this.#text(row));
      return known.element;
    });
    setChildren(this.#rows, shown, () => this.#known.get(chosen ?? '')?.input);
  }

  /** Where the focus goes when what had it is gone. */
  focusable(): HTMLElement | undefined {
    return this.#rows.querySelector<HTMLElement>('input:checked') ?? undefined;
  }

  #make(id: string): { element: HTMLElement; input: HTMLInputElement; text: HTMLElement } {
    const input = h('input', { type: 'radio', name: 'dd-image' });
    const text = h('span', { class: 'dd-image-text' });
    input.addEventListener('change', () => this.#onChoose(id));
    const made = { element: h('label', { class: 'dd-image' }, input, text), input, text };
    this.#known.set(id, made);
    return made;
  }

  #text({ names, shortId, size, inUse }: ImageRow): HTMLElement[] {
    const { imageInUse, imageUnused } = this.#strings;
    return [
      ...names.map((name) => h('strong', { translate: 'no' }, name)),
      h('span', { class: 'dd-image-more' }, h('span', { translate: 'no' }, shortId), h('span', {}, formatBytes(size)), h('span', {}, inUse === 0 ? imageUnused : fillTemplate(imageInUse, { count: inUse }))),
    ];
  }
}
