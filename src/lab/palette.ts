/**
 * The command palette, opened by F1: everything on the page that can be pressed, and every lesson, by name.
 *
 * It is made of the page's own buttons and links at the moment it opens, so that it never offers what is not there, and a
 * new button is in it without being named twice.
 */
import { openDialog } from './dialog.ts';
import { h } from './dom.ts';
import { fitting } from './palette-model.ts';
import type { Strings } from './page-data.ts';

interface Command {
  label: string;
  run(): void;
}

/** Listens before the terminal sees the key. The editor has a palette of its own under the same key. */
export function attachPalette(strings: Strings): void {
  window.addEventListener('keydown', (event) => {
    if (event.key !== 'F1' || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    if (event.target instanceof Element && event.target.closest('.monaco-editor')) return;
    event.preventDefault();
    event.stopPropagation();
    if (!document.querySelector('dialog[open]')) showPalette(strings);
  }, { capture: true });
}

/** Shows the palette until a command is chosen or the learner thinks better of it. */
export function showPalette(strings: Strings): void {
  const commands = collect();
  const dialog = openDialog(strings.palette);
  const list = h('ul', { class: 'dd-palette', role: 'listbox', id: 'dd-palette', 'aria-label': strings.palette });
  const none = h('p', { class: 'dd-palette-none', role: 'status' });
  const input = h('input', { type: 'text', role: 'combobox', 'aria-label': strings.palettePrompt, placeholder: strings.palettePrompt, 'aria-controls': 'dd-palette', 'aria-expanded': 'true', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', autofocus: true, 'data-testid': 'palette' });
  let shown: Command[] = [];
  let active = 0;
  let chosen: Command | undefined;

  const mark = (): void => {
    [...list.children].forEach((item, index) => item.setAttribute('aria-selected', String(index === active)));
    const current = list.children[active];
    if (current) {
      input.setAttribute('aria-activedescendant', current.id);
      current.scrollIntoView({ block: 'nearest' });
    } else input.removeAttribute('aria-activedescendant');
  };
  const choose = (command: Command | undefined): void => {
    if (!command) return;
    chosen = command;
    dialog.element.close();
  };
  const render = (): void => {
    shown = fitting(commands, input.value);
    active = 0;
    list.replaceChildren(...shown.map((command, index) => {
      const item = h('li', { role: 'option', id: `dd-palette-${index}` }, command.label);
      item.addEventListener('click', () => choose(command));
      return item;
    }));
    none.textContent = shown.length === 0 ? strings.paletteNone : '';
    mark();
  };
  input.addEventListener('input', render);
  input.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && shown.length > 0) {
      event.preventDefault();
      active = (active + step + shown.length) % shown.length;
      mark();
    } else if (event.key === 'Enter' && !event.isComposing) {
      event.preventDefault();
      choose(shown[active]);
    }
  });
  dialog.form.append(input, list, none);
  render();
  // Only once the dialog is gone can what the command opens take the focus.
  void dialog.closed(() => undefined).then(() => chosen?.run());
}

function collect(): Command[] {
  const commands = new Map<string, Command>();
  const add = (element: HTMLElement, label: string | null | undefined): void => {
    const text = label?.replace(/\s+/g, ' ').trim() ?? '';
    if (text !== '' && !commands.has(text)) commands.set(text, { label: text, run: () => element.click() });
  };
  for (const button of document.querySelectorAll<HTMLButtonElement>("#lab button:enabled:not([aria-disabled='true']), site-search button[data-open-modal]")) {
    if (button.checkVisibility({ visibilityProperty: true })) add(button, button.getAttribute('aria-label') ?? button.textContent);
  }
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.sidebar-content a[href], .pagination-links a')) add(link, link.querySelector('.link-title')?.textContent ?? link.textContent);
  return [...commands.values()];
}
