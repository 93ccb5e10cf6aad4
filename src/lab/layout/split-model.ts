/** Where a splitter is: a share of the space in percent, kept within limits. */

export interface SplitRange {
  min: number;
  max: number;
  fallback: number;
}

/** Text in percent of the window's width: at the least a readable column, at the most 80 columns of terminal left. */
export const lessonRange: SplitRange = { min: 25, max: 70, fallback: 45 };

/** The same in a frame of another site, where the text is the tasks alone; as in styles/embed.css. */
export const embedRange: SplitRange = { ...lessonRange, fallback: 34 };

/** Editor in percent of the height of editor and terminal. */
export const editorRange: SplitRange = { min: 20, max: 80, fallback: 58 };

/** Percent per press of an arrow key. */
const step = 2;

/** The nearest allowed share, to a tenth of a percent. */
export function clampShare(share: number, range: SplitRange): number {
  return Math.round(Math.min(range.max, Math.max(range.min, share)) * 10) / 10;
}

/** The share for a pointer at `position` pixels in a space of `size` pixels; the present one where there is no space. */
export function shareAt(position: number, size: number, present: number, range: SplitRange): number {
  return size > 0 ? clampShare((position / size) * 100, range) : present;
}

/** The share after a key of the splitter, or `undefined` for a key that is not its. */
export function shareForKey(key: string, share: number, range: SplitRange): number | undefined {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowUp':
      return clampShare(share - step, range);
    case 'ArrowRight':
    case 'ArrowDown':
      return clampShare(share + step, range);
    case 'Home':
      return range.min;
    case 'End':
      return range.max;
    case 'Enter':
      return range.fallback;
    default:
      return undefined;
  }
}
