/**
 * Notices what the learner does to the machine: what is typed or dropped into a terminal, and whatever the parts of the lab
 * tell of (a command has ended, a file was changed, a page of the preview was asked for).
 */
import type { LabContext } from '../../context.ts';
import type { SessionKeeper } from './keeper.ts';

/** Keys without a letter that change something; what is written with an input method is `Process` or `Unidentified`. */
const workingKeys = new Set(['Enter', 'Backspace', 'Delete', 'Dead', 'Process', 'Unidentified']);

export function noteWork(terminals: HTMLElement, { deeds }: Pick<LabContext, 'deeds'>, keeper: Pick<SessionKeeper, 'noteWork'>): void {
  for (const type of ['keydown', 'paste', 'drop']) {
    terminals.addEventListener(type, (event) => {
      if (!(event.target instanceof Element) || event.target.closest('.dd-terminal') === null) return;
      if (!(event instanceof KeyboardEvent) || isWork(event)) keeper.noteWork();
    }, { capture: true });
  }
  deeds.on(() => keeper.noteWork());
}

/** Who only looks around, with Tab or the arrows, or copies, has nothing to lose. */
export function isWork({ key, ctrlKey, shiftKey, metaKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'shiftKey' | 'metaKey'>): boolean {
  return !metaKey && !(ctrlKey && shiftKey) && (key.length === 1 || workingKeys.has(key));
}
