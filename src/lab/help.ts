/** The list of keyboard shortcuts and of what messages of the network mean, opened by `?` outside of text fields. */
import { openDialog } from './dialog.ts';
import { h, textButton } from './dom.ts';
import { networkMessages } from './network-messages.ts';
import type { Locale, Strings } from './page-data.ts';

/** Shows the list until the learner closes it. */
export function showHelp(strings: Strings, locale: Locale): void {
  const isMac = /Mac|iP(hone|ad|od)/.test(navigator.platform);
  const command = isMac ? '⌘' : 'Ctrl';
  const rows: [string[], string][] = [
    [['F6', 'Shift+F6'], strings.helpRegions],
    [['Ctrl+Shift+F'], strings.helpSearch],
    [isMac ? ['⌘+C'] : ['Ctrl+Shift+C'], strings.helpCopy],
    [isMac ? ['⌘+V'] : ['Ctrl+V', 'Ctrl+Shift+V'], strings.helpPaste],
    [[`${command}+S`], strings.helpSave],
    [isMac ? ['Ctrl+Shift+M'] : ['Ctrl+M'], strings.helpTabKey],
    [[strings.keyArrows], strings.helpSplitter],
    [['F1'], strings.helpPalette],
    [[`${command}+K`], strings.helpSiteSearch],
    [['?'], strings.helpHelp],
  ];
  const dialog = openDialog(strings.help);
  dialog.form.append(
    h('dl', { class: 'dd-keys' },
      ...rows.flatMap(([keys, text]) => [h('dt', {}, ...keys.flatMap((key, index) => (index > 0 ? [' ', keyCaps(key)] : [keyCaps(key)]))), h('dd', {}, text)])),
    messageHelp(strings, locale),
    h('div', { class: 'dd-dialog-actions' }, textButton(strings.close, () => dialog.element.close(), { autofocus: true })));
  void dialog.closed(() => undefined);
}

/** Opens the list on `?`, unless something is being written. */
export function attachHelpKey(strings: Strings, locale: Locale): void {
  document.addEventListener('keydown', (event) => {
    if (event.key !== '?' || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
    if (document.querySelector('dialog[open]')) return;
    event.preventDefault();
    showHelp(strings, locale);
  });
}

/** Folded up: who looks for a key is not to scroll past it. */
function messageHelp(strings: Strings, locale: Locale): HTMLElement {
  return h('details', { class: 'dd-messages', 'data-testid': 'network-messages' },
    h('summary', {}, strings.helpMessages),
    // It scrolls, which the keyboard can do only to what it can reach.
    h('div', { class: 'dd-messages-list', role: 'region', 'aria-label': strings.helpMessages, tabindex: 0 }, h('dl', {}, ...networkMessages.flatMap(({ messages, meaning }) => [
      h('dt', { translate: 'no' }, ...messages.map((message) => h('code', {}, message))),
      h('dd', {}, meaning[locale]),
    ]))));
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select, [role=textbox]'));
}

function keyCaps(combination: string): HTMLElement {
  return h('kbd', {}, combination.replaceAll('+', ' + '));
}
