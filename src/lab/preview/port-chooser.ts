/** The list of published ports in the address bar, where there is more than one to choose from. */
import { fillTemplate } from '../../shared/locale.ts';
import { h } from '../dom.ts';
import type { Strings } from '../page-data.ts';
import type { PreviewBackend } from './backend.ts';

export class PortChooser {
  readonly element: HTMLElement;
  readonly #select: HTMLSelectElement;
  readonly #backend: PreviewBackend;
  readonly #strings: Strings;

  constructor(backend: PreviewBackend, strings: Strings, open: (port: number) => void) {
    this.#backend = backend;
    this.#strings = strings;
    this.#select = h('select', { 'aria-label': strings.previewPorts, 'data-testid': 'preview-ports' });
    this.element = h('span', { class: 'dd-preview-ports' }, this.#select);
    this.#select.addEventListener('change', () => {
      const port = Number(this.#select.value);
      // It offers choices and does not show the present one: any page may be on any port.
      this.#select.selectedIndex = 0;
      if (port > 0) open(port);
    });
    this.#render();
    backend.onPorts(() => this.#render());
  }

  #render(): void {
    const { ports } = this.#backend;
    this.element.hidden = ports.length === 0;
    this.#select.replaceChildren(
      h('option', { value: '' }, this.#strings.previewPorts),
      ...ports.map(({ port, container }) => h('option', { value: port }, fillTemplate(this.#strings.previewPortOf, { container, port }))));
  }
}
