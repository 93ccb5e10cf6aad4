/** The terminals: tabs, one of them shown, each with its own shell. */
import type { AgentClient } from '../../guest/client.ts';
import { fillTemplate } from '../../shared/locale.ts';
import type { LabContext } from '../context.ts';
import { h, icon, iconButton } from '../dom.ts';
import { browserStorage, readFlag, writePreference } from '../storage.ts';
import { FindBar } from './find-bar.ts';
import { TerminalView } from './terminal.ts';
import { lowestFree, tabName, typedLines } from './titles.ts';

const readerPreference = 'screen-reader';

interface Entry {
  view: TerminalView;
  tab: HTMLButtonElement;
  name: HTMLElement;
}

export class TerminalPane {
  readonly element: HTMLElement;
  readonly #context: LabContext;
  readonly #tabs: HTMLElement;
  readonly #screens = h('div', { class: 'dd-screens' });
  readonly #find: FindBar;
  readonly #storage = browserStorage();
  readonly #readerButton: HTMLButtonElement;
  #entries: Entry[] = [];
  #active: Entry | undefined;
  #agent: AgentClient | undefined;
  #screenReaderMode: boolean;

  constructor(context: LabContext) {
    const { strings } = context;
    this.#context = context;
    this.#screenReaderMode = readFlag(this.#storage, readerPreference);
    this.#tabs = h('div', { class: 'dd-tabs', role: 'tablist', 'aria-label': strings.terminals });
    this.#find = new FindBar(strings, () => this.focus());
    this.#readerButton = iconButton('ear', strings.screenReaderMode, () => this.#toggleScreenReader(), { 'aria-pressed': String(this.#screenReaderMode) });
    this.element = h('section', { class: 'dd-terminals', 'aria-label': strings.terminals, 'data-testid': 'terminals' },
      h('div', { class: 'dd-strip' },
        this.#tabs,
        iconButton('plus', strings.newTerminal, () => this.add(), { 'data-testid': 'new-terminal' }),
        h('span', { class: 'dd-spring' }),
        iconButton('search', strings.terminalSearch, () => this.#openFind(), { 'aria-keyshortcuts': 'Control+Shift+F' }),
        this.#readerButton),
      this.#find.element,
      this.#screens);
    this.element.addEventListener('keydown', (event) => {
      if (event.ctrlKey && event.shiftKey && event.key.toLowerCase() === 'f') {
        event.preventDefault();
        this.#openFind();
      }
    });
  }

  /** To be called once, when the element is in the document. */
  open(): void {
    this.#add(false);
  }

  /** Gives every terminal a shell on the machine, or takes it away. */
  setAgent(agent: AgentClient | undefined): void {
    this.#agent = agent;
    for (const { view } of this.#entries) view.setAgent(agent);
  }

  focus(): void {
    this.#active?.view.focus();
  }

  /** Opens another terminal. */
  add(): void {
    this.#add(true);
  }

  contains(node: Node | null): boolean {
    return this.element.contains(node);
  }

  /** Types the lines of a code block into the active terminal. @returns whether a shell took them at once */
  run(code: string): boolean {
    if (!this.#active) this.#add(false);
    this.focus();
    return this.#active?.view.type(typedLines(code)) ?? false;
  }

  #add(focus: boolean): void {
    const { strings } = this.#context;
    const number = lowestFree(this.#entries.map((entry) => entry.view.number));
    const view = new TerminalView(number, this.#context, this.#screenReaderMode);
    const fallback = fillTemplate(strings.terminalNumber, { n: number });
    const id = `dd-terminal-${number}`;
    const name = h('span', { class: 'dd-tab-name' }, fallback);
    // A button inside of a tab is not allowed: pointers have the cross, the keyboard has the key Delete.
    const cross = h('span', { class: 'dd-tab-close', 'aria-hidden': 'true', title: fillTemplate(strings.closeTerminal, { title: fallback }), 'data-testid': 'close-terminal' }, icon('close'));
    const tab = h('button', { type: 'button', role: 'tab', id: `${id}-tab`, 'aria-controls': id, 'aria-keyshortcuts': 'Delete' }, name, cross);
    view.element.id = id;
    view.element.setAttribute('role', 'tabpanel');
    view.element.setAttribute('aria-labelledby', `${id}-tab`);
    const entry: Entry = { view, tab, name };
    tab.addEventListener('click', (event) => {
      if (event.target instanceof Node && cross.contains(event.target)) this.#close(entry);
      else this.#select(entry, true);
    });
    tab.addEventListener('keydown', (event) => this.#onTabKey(event, entry));
    view.titleChanged.on((title) => {
      name.textContent = tabName(title, fallback);
      tab.title = title;
    });
    this.#entries.push(entry);
    this.#tabs.append(tab);
    this.#screens.append(view.element);
    this.#select(entry, false);
    view.open();
    view.setAgent(this.#agent);
    if (focus) view.focus();
  }

  #select(entry: Entry, focus: boolean): void {
    if (this.#active !== entry) this.#find.detach();
    this.#active = entry;
    for (const { view, tab } of this.#entries) {
      const selected = view === entry.view;
      view.element.hidden = !selected;
      tab.setAttribute('aria-selected', String(selected));
      tab.tabIndex = selected ? 0 : -1;
    }
    entry.view.fit();
    if (focus) entry.view.focus();
  }

  #close(entry: Entry): void {
    const index = this.#entries.indexOf(entry);
    this.#entries = this.#entries.filter((other) => other !== entry);
    if (this.#active === entry) this.#find.detach();
    entry.tab.remove();
    entry.view.dispose();
    const next = this.#entries[Math.min(index, this.#entries.length - 1)];
    this.#active = undefined;
    if (next) this.#select(next, true);
    else this.#add(true);
  }

  #onTabKey(event: KeyboardEvent, entry: Entry): void {
    const index = this.#entries.indexOf(entry);
    const count = this.#entries.length;
    const to = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: count - 1 }[event.key];
    if (event.key === 'Delete') this.#close(entry);
    else if (to === undefined) return;
    else {
      const next = this.#entries[(to + count) % count];
      if (next) {
        this.#select(next, false);
        next.tab.focus();
      }
    }
    event.preventDefault();
  }

  #openFind(): void {
    if (this.#active) this.#find.open(this.#active.view.search);
  }

  #toggleScreenReader(): void {
    const { announcer, strings } = this.#context;
    this.#screenReaderMode = !this.#screenReaderMode;
    writePreference(this.#storage, readerPreference, this.#screenReaderMode);
    this.#readerButton.setAttribute('aria-pressed', String(this.#screenReaderMode));
    for (const { view } of this.#entries) view.setScreenReaderMode(this.#screenReaderMode);
    announcer.say(this.#screenReaderMode ? strings.screenReaderOn : strings.screenReaderOff);
  }
}
