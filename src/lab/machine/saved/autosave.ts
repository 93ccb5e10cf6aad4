/**
 * Saves the machine by itself.
 *
 * A page that is closed has no time left to save a machine of a hundred megabytes, so it is done before. Out of sight: some
 * seconds after the tab was hidden, when the guest has nothing to do, or, if it works on and on, shortly before it is paused
 * for being out of sight. In sight: when the learner has let the machine alone for a while. The guest stands still meanwhile,
 * half a second for 512 MiB of memory on two busy cores, which nobody feels who does not type; what is then packed takes a
 * share of a core. Nothing is saved that nobody has worked on since.
 */
import { hiddenMilliseconds, type VisibilitySource } from '../visibility.ts';

/** From one look whether it is time to the next; the first one comes as late. */
const stepMilliseconds = 5000;

/** When it is time, in milliseconds. */
interface Patience {
  /** Nobody has worked on the machine for so long. */
  rest: number;
  /** The last try was so long ago... */
  between: number;
  /** ...and so many times longer ago than it took. */
  times: number;
  /** The guest is waited for so long until it has nothing to do. */
  busy: number;
}

/** The last look comes two steps before the pause. */
const outOfSight: Patience = { rest: 0, between: 30_000, times: 0, busy: hiddenMilliseconds - 2 * stepMilliseconds };
/** So that at most a thirtieth of the time goes into it, also where somebody has installed half a gigabyte. */
const inSight: Patience = { rest: 15_000, between: 180_000, times: 30, busy: 600_000 };

export interface AutosaveTarget {
  /** Whether there is a machine that was worked on since it was saved. */
  readonly unsaved: boolean;
  /** Whether it can be saved now: not while it is restarted, for instance. */
  readonly canSave: boolean;
  /** When it was worked on last, in milliseconds since 1970. */
  readonly workedAt: number;
  /** Calls back at once, and for every change of `unsaved`. @returns a function that ends it */
  onUnsaved(listener: (unsaved: boolean) => void): () => void;
  /** Whether the guest has nothing to do. Takes a moment. */
  idle(): Promise<boolean>;
  /** Never rejects: who can be told is told by the target. It is tried again as long as there is something `unsaved`. */
  save(): Promise<unknown>;
}

/** @returns a function that ends it */
export function autosave(source: VisibilitySource, target: AutosaveTarget): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let patience = inSight;
  let waitsSince = 0;
  let triedAt = Number.NEGATIVE_INFINITY;
  let took = 0;
  /** A look that another one has followed does nothing any more. */
  let current = 0;

  const look = async (round: number): Promise<void> => {
    const { rest, between, times, busy } = patience;
    const isTime = (): boolean => {
      const now = Date.now();
      return round === current && target.unsaved && target.canSave && now - target.workedAt >= rest && now - triedAt >= Math.max(between, times * took);
    };
    if (isTime()) {
      const isOver = Date.now() - Math.max(waitsSince, triedAt) >= busy;
      // A machine that does not answer has something to do.
      const idle = await target.idle().catch(() => false);
      if ((idle || isOver) && isTime()) {
        triedAt = Date.now();
        await target.save();
        took = Date.now() - triedAt;
      }
    }
    next(round);
  };
  const next = (round: number): void => {
    if (round === current && target.unsaved) timer = setTimeout(() => void look(round), stepMilliseconds);
  };
  const begin = (): void => {
    clearTimeout(timer);
    current += 1;
    waitsSince = Date.now();
    next(current);
  };
  const onVisibility = (): void => {
    patience = source.hidden ? outOfSight : inSight;
    // Who leaves does not wait for the next turn.
    if (source.hidden) triedAt = Number.NEGATIVE_INFINITY;
    begin();
  };
  source.addEventListener('visibilitychange', onVisibility);
  onVisibility();
  const end = target.onUnsaved(begin);
  return () => {
    end();
    clearTimeout(timer);
    current += 1;
    source.removeEventListener('visibilitychange', onVisibility);
  };
}
