/** Copy and paste by keys, also on plain http, where the browser offers no clipboard interface. */
import type { Terminal } from '@xterm/xterm';
import type { LabContext } from '../context.ts';

/** For xterm's custom key handler. @returns false if the key is not the terminal's business */
export function clipboardKeys(event: KeyboardEvent, xterm: Terminal, context: LabContext): boolean {
  const onlyControl = event.ctrlKey && !event.altKey && !event.metaKey;
  const key = event.key.toLowerCase();
  // The browser then pastes by itself: xterm listens to the event, and no permission is asked for.
  if (onlyControl && key === 'v') return false;
  if (onlyControl && event.shiftKey && key === 'c') {
    // Kept from the browser, where it opens the developer tools.
    event.preventDefault();
    if (event.type === 'keydown' && xterm.hasSelection()) void copySelection(xterm, context);
    return false;
  }
  // Find bar and help are handled by the pane.
  return !(onlyControl && event.shiftKey && key === 'f');
}

async function copySelection(xterm: Terminal, context: LabContext): Promise<void> {
  const { announcer, strings } = context;
  announcer.say((await writeClipboard(xterm.getSelection())) ? strings.copied : strings.copyFailed);
}

/** @returns whether the browser took it */
async function writeClipboard(text: string): Promise<boolean> {
  // Typed as always there, but absent on plain http.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (clipboard) {
    try {
      await clipboard.writeText(text);
      return true;
    } catch {
      // Denied: the old way may still work.
    }
  }
  // xterm answers the event with its selection as long as it has the focus.
  return document.execCommand('copy');
}
