/** Whether anybody looks at the machine: in the lab's page, or in a preview that has a window of its own. */
import type { VisibilitySource } from '../machine/visibility.ts';
import type { PreviewWindows } from './windows.ts';

export function watchedVisibility(windows: Pick<PreviewWindows, 'anyVisible' | 'onChange'>): VisibilitySource {
  const ends = new Map<() => void, () => void>();
  return {
    get hidden() {
      return document.hidden && !windows.anyVisible;
    },
    addEventListener(type, listener) {
      document.addEventListener(type, listener);
      ends.set(listener, windows.onChange(listener));
    },
    removeEventListener(type, listener) {
      document.removeEventListener(type, listener);
      ends.get(listener)?.();
    },
  };
}
