/** A draggable separator that also obeys the keyboard; its place is kept in the browser. */
import { browserStorage, readNumber, writePreference } from '../storage.ts';
import { shareAt, shareForKey, type SplitRange } from './split-model.ts';

export interface SplitterOptions {
  /** The separator; its `aria-orientation` says which way it moves. */
  handle: HTMLElement;
  /** Gets the share as a custom property; its box is the space that is shared. */
  space: HTMLElement;
  /** The custom property, such as `--dd-lesson-share`. */
  property: string;
  /** Name of the preference. */
  name: string;
  range: SplitRange;
}

/** Makes the separator work. */
export function attachSplitter({ handle, space, property, name, range }: SplitterOptions): void {
  const storage = browserStorage();
  const vertical = handle.getAttribute('aria-orientation') === 'vertical';
  let share = readNumber(storage, name, range);

  const show = (next: number): void => {
    share = next;
    space.style.setProperty(property, `${next}%`);
    handle.setAttribute('aria-valuenow', String(Math.round(next)));
  };
  handle.setAttribute('aria-valuemin', String(range.min));
  handle.setAttribute('aria-valuemax', String(range.max));
  show(share);

  handle.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    handle.dataset['dragging'] = '';
    handle.focus();
  });
  handle.addEventListener('pointermove', (event) => {
    if (!handle.hasPointerCapture(event.pointerId)) return;
    const box = space.getBoundingClientRect();
    show(vertical ? shareAt(event.clientX - box.left, box.width, share, range) : shareAt(event.clientY - box.top, box.height, share, range));
  });
  handle.addEventListener('lostpointercapture', () => {
    delete handle.dataset['dragging'];
    writePreference(storage, name, share);
  });
  handle.addEventListener('dblclick', () => {
    show(range.fallback);
    writePreference(storage, name, share);
  });
  handle.addEventListener('keydown', (event) => {
    const next = shareForKey(event.key, share, range);
    if (next === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    show(next);
    writePreference(storage, name, share);
  });
}
