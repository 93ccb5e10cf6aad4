/** Pauses the machine while nobody looks: an emulator that idles still costs battery. */

/** A hidden tab is often only left for a look at something else. */
export const hiddenMilliseconds = 60_000;

export interface VisibilityTarget {
  /** Pauses the machine if it runs; tells whether it did. */
  pause(): boolean;
  resume(): void;
}

/** Where visibility comes from: `document`, or a stand-in. */
export interface VisibilitySource {
  readonly hidden: boolean;
  addEventListener(type: 'visibilitychange', listener: () => void): void;
  removeEventListener(type: 'visibilitychange', listener: () => void): void;
}

/**
 * Pauses after {@link hiddenMilliseconds} out of sight and resumes on return. A machine that the learner paused stays
 * paused. @returns a function that ends it
 */
export function pauseWhileHidden(source: VisibilitySource, target: VisibilityTarget): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pausedHere = false;

  const onChange = (): void => {
    clearTimeout(timer);
    if (source.hidden) {
      timer = setTimeout(() => {
        pausedHere = target.pause();
      }, hiddenMilliseconds);
    } else if (pausedHere) {
      pausedHere = false;
      target.resume();
    }
  };
  source.addEventListener('visibilitychange', onChange);
  return () => {
    clearTimeout(timer);
    source.removeEventListener('visibilitychange', onChange);
  };
}
