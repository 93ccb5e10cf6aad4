/** Time for whatever waits, handed in: tests of minutes take milliseconds, and for who waits for a machine that is paused it can stand still. */

export interface Clock {
  /** Milliseconds from any beginning; never goes back. */
  now(): number;
  /** Calls back once after the time. Returns a function that calls it off; harmless once it is over. */
  after(milliseconds: number, callback: () => void): () => void;
  /** Calls back when what is under way now has been dealt with, before any time passes. */
  soon(callback: () => void): void;
}

let latest = 0;

export const systemClock: Clock = {
  now() {
    // The computer's clock may be set back in the meantime.
    latest = Math.max(latest, Date.now());
    return latest;
  },
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
  soon(callback) {
    // Not handed on as it is: browsers refuse to run it as a method of something else.
    queueMicrotask(callback);
  },
};
