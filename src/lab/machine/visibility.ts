/** Pauses the machine while nobody looks: an emulator that idles still costs battery. */
import type { LabSession } from './session.ts';

/** A hidden tab is often only left for a look at something else. */
export const hiddenMilliseconds = 60_000;

/** Whose machine it is. `pause` tells whether there was something to pause. */
export type VisibilityTarget = Pick<LabSession, 'onState' | 'pause' | 'resume'>;

/** Where visibility comes from: `document`, or a stand-in. */
export interface VisibilitySource {
  readonly hidden: boolean;
  addEventListener(type: 'visibilitychange', listener: () => void): void;
  removeEventListener(type: 'visibilitychange', listener: () => void): void;
}

/**
 * Pauses a machine that has run for {@link hiddenMilliseconds} out of sight, with its lesson prepared, and resumes it on
 * return. One that the learner paused stays paused. @returns a function that ends it
 */
export function pauseWhileHidden(source: VisibilitySource, target: VisibilityTarget): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let runs = false;
  let paused = false;
  let pausedHere = false;

  const look = (): void => {
    const isDue = source.hidden && runs;
    if (!isDue) {
      clearTimeout(timer);
      timer = undefined;
    }
    else timer ??= setTimeout(() => {
      timer = undefined;
      pausedHere = target.pause();
    }, hiddenMilliseconds);
    // The pause may have been asked for and not have come yet.
    if (source.hidden || !paused || !pausedHere) return;
    pausedHere = false;
    target.resume();
  };
  const endStates = target.onState((state) => {
    // Who comes back to a lesson that was opened in the background finds its start made.
    runs = state.kind === 'running' && state.preparing === undefined;
    paused = state.kind === 'paused';
    if (state.kind !== 'running' && !paused) pausedHere = false;
    look();
  });
  source.addEventListener('visibilitychange', look);
  return () => {
    clearTimeout(timer);
    endStates();
    source.removeEventListener('visibilitychange', look);
  };
}
