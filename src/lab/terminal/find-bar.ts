/** The bar to search in a terminal. */
import type { ISearchOptions, SearchAddon } from '@xterm/addon-search';
import { fillTemplate } from '../../shared/locale.ts';
import { h, iconButton } from '../dom.ts';
import type { Strings } from '../page-data.ts';

const decorations: NonNullable<ISearchOptions['decorations']> = {
  matchBackground: '#8a6d2a',
  matchOverviewRuler: '#8a6d2a',
  activeMatchBackground: '#c8912b',
  activeMatchColorOverviewRuler: '#c8912b',
};

export class FindBar {
  readonly element: HTMLElement;
  readonly #input: HTMLInputElement;
  readonly #count = h('span', { class: 'dd-find-count', role: 'status' });
  readonly #strings: Strings;
  readonly #onClose: () => void;
  #search: SearchAddon | undefined;
  #subscription: { dispose(): void } | undefined;

  /** @param onClose called when the learner closes it: the focus belongs into the terminal again */
  constructor(strings: Strings, onClose: () => void) {
    this.#strings = strings;
    this.#onClose = onClose;
    this.#input = h('input', { type: 'text', 'aria-label': strings.terminalSearch, placeholder: strings.terminalSearch, autocomplete: 'off', spellcheck: 'false' });
    this.element = h('div', { class: 'dd-find', role: 'search', 'data-testid': 'find-bar', hidden: true },
      this.#input,
      this.#count,
      iconButton('up', strings.findPrevious, () => this.#find('previous')),
      iconButton('down', strings.findNext, () => this.#find('next')),
      iconButton('close', strings.findClose, () => this.close()));
    this.#input.addEventListener('input', () => this.#find('incremental'));
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close();
      else if (event.key === 'Enter' && event.target === this.#input) this.#find(event.shiftKey ? 'previous' : 'next');
      else return;
      event.preventDefault();
    });
  }

  /** Opens the bar for a terminal. */
  open(search: SearchAddon): void {
    this.#attach(search);
    this.element.hidden = false;
    this.#input.focus();
    this.#input.select();
    if (this.#input.value !== '') this.#find('incremental');
  }

  /** Closes it and takes the marks away. */
  close(): void {
    this.detach();
    this.#onClose();
  }

  /** Closes it without moving the focus, for example when another terminal is chosen. */
  detach(): void {
    this.#search?.clearDecorations();
    this.#subscription?.dispose();
    this.#search = undefined;
    this.element.hidden = true;
  }

  #attach(search: SearchAddon): void {
    if (this.#search === search) return;
    this.#subscription?.dispose();
    this.#search = search;
    this.#subscription = search.onDidChangeResults(({ resultIndex, resultCount }) => {
      this.#count.textContent =
        this.#input.value === '' ? ''
        : resultCount === 0 ? this.#strings.findNone
        : fillTemplate(this.#strings.findCount, { index: resultIndex + 1, count: resultCount });
    });
  }

  #find(how: 'incremental' | 'next' | 'previous'): void {
    const text = this.#input.value;
    if (text === '') {
      this.#search?.clearDecorations();
      this.#count.textContent = '';
    } else if (how === 'previous') this.#search?.findPrevious(text, { decorations });
    else this.#search?.findNext(text, { decorations, incremental: how === 'incremental' });
  }
}
