/** The tabs of the open files. */
import { fillTemplate } from '../../shared/locale.ts';
import { h, icon } from '../dom.ts';
import type { Strings } from '../page-data.ts';
import type { Document, OpenFiles } from './open-files.ts';
import { baseName } from './paths.ts';

export interface TabActions {
  show(document: Document): void;
  close(document: Document): void;
}

export class EditorTabs {
  readonly element: HTMLElement;
  readonly #strings: Strings;
  readonly #actions: TabActions;
  readonly #tabs = new Map<Document, HTMLButtonElement>();

  constructor(strings: Strings, actions: TabActions) {
    this.#strings = strings;
    this.#actions = actions;
    this.element = h('div', { class: 'dd-tabs', 'aria-label': strings.openFiles, 'data-testid': 'editor-tabs' });
  }

  /** Brings the tabs in line with the open files. */
  render(open: OpenFiles, shown: Document | undefined): void {
    // A list of tabs without tabs is none.
    if (open.list.length > 0) this.element.setAttribute('role', 'tablist');
    else this.element.removeAttribute('role');
    for (const [document, tab] of this.#tabs) {
      if (open.list.includes(document)) continue;
      tab.remove();
      this.#tabs.delete(document);
    }
    for (const document of open.list) {
      const tab = this.#tabs.get(document) ?? this.#create(document, open);
      const dirty = open.isDirty(document);
      const name = baseName(document.path);
      tab.title = document.path;
      tab.classList.toggle('dd-dirty', dirty);
      tab.setAttribute('aria-label', dirty ? `${name} (${this.#strings.unsaved})` : name);
      tab.setAttribute('aria-selected', String(document === shown));
      tab.tabIndex = document === shown ? 0 : -1;
      const text = tab.querySelector('.dd-tab-name');
      if (text) text.textContent = name;
    }
  }

  #create(document: Document, open: OpenFiles): HTMLButtonElement {
    const cross = h('span', { class: 'dd-tab-close', 'aria-hidden': 'true', title: fillTemplate(this.#strings.closeFile, { name: baseName(document.path) }) }, icon('close'));
    const tab = h('button', { type: 'button', role: 'tab', 'aria-keyshortcuts': 'Delete' }, h('span', { class: 'dd-tab-name' }), cross);
    tab.addEventListener('click', (event) => {
      if (event.target instanceof Node && cross.contains(event.target)) this.#actions.close(document);
      else this.#actions.show(document);
    });
    tab.addEventListener('keydown', (event) => {
      const index = open.list.indexOf(document);
      const next = event.key === 'ArrowRight' ? open.list[index + 1] : event.key === 'ArrowLeft' ? open.list[index - 1] : undefined;
      if (event.key === 'Delete') this.#actions.close(document);
      else if (next) {
        this.#actions.show(next);
        this.#tabs.get(next)?.focus();
      } else return;
      event.preventDefault();
    });
    this.#tabs.set(document, tab);
    this.element.append(tab);
    return tab;
  }
}
