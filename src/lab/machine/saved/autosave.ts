/**
 * Saves the machine by itself while nobody looks.
 *
 * A page that is closed has no time left to save a machine of a hundred megabytes, so it is done earlier: some seconds
 * after the tab was hidden, when the guest has nothing to do, or, if it works on and on, shortly before it is paused for
 * being out of sight. Nothing is saved that nobody has worked on since.
 */
import { hiddenMilliseconds, type VisibilitySource } from '../visibility.ts';

/** After the tab was hidden, and from one look whether the guest idles to the next. */
const stepMilliseconds = 5000;
/** The last look; then it is saved whatever the guest does. */
const lastLookMilliseconds = hiddenMilliseconds - 2 * stepMilliseconds;

export interface AutosaveTarget {
  /** Whether there is a machine to be saved, and it was worked on since it was saved last. */
  worthSaving(): boolean;
  /** Whether the guest has nothing to do. */
  idle(): Promise<boolean>;
  /** Never rejects: nobody is there to be told. */
  save(): Promise<void>;
}

/** @returns a function that ends it */
export function autosaveWhileHidden(source: VisibilitySource, target: AutosaveTarget): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let round = 0;

  const look = async (waited: number, current: number): Promise<void> => {
    if (!target.worthSaving()) return;
    const due = waited >= lastLookMilliseconds || (await target.idle());
    if (current !== round) return;
    if (due) await target.save();
    else schedule(waited + stepMilliseconds, current);
  };
  const schedule = (waited: number, current: number): void => {
    timer = setTimeout(() => void look(waited, current).catch(() => undefined), stepMilliseconds);
  };
  const onChange = (): void => {
    clearTimeout(timer);
    round += 1;
    if (source.hidden) schedule(stepMilliseconds, round);
  };
  source.addEventListener('visibilitychange', onChange);
  return () => {
    clearTimeout(timer);
    round += 1;
    source.removeEventListener('visibilitychange', onChange);
  };
}
