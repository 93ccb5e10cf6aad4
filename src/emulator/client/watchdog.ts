/**
 * Notices a worker that no longer answers.
 *
 * It counts its own ticks instead of reading a clock: a laptop that slept or a tab that was frozen looks like a long
 * silence, but is one late tick only.
 */

/** Seconds of silence after which the worker is given up; never sooner, and hardly later. */
export const silenceSeconds = 15;
/** After so many of them the worker is asked for a sign of life. */
const pingSeconds = 5;
const tickMilliseconds = 1000;

export class Watchdog {
  readonly #ping: () => void;
  readonly #onSilence: (seconds: number) => void;
  readonly #timer: ReturnType<typeof setInterval>;
  /** Ticks since something was heard. The first one may have come right after it. */
  #ticks = 0;
  #allowedSeconds = silenceSeconds;

  /** `ping` asks the worker for a sign of life; `onSilence` is called once, with the limit, and the watch ends. */
  constructor(ping: () => void, onSilence: (seconds: number) => void) {
    this.#ping = ping;
    this.#onSilence = onSilence;
    this.#timer = setInterval(() => this.#tick(), tickMilliseconds);
    ping();
  }

  /** Anything was heard. `announcedMilliseconds`: for so long the worker has said that it will be silent. */
  heard(announcedMilliseconds = 0): void {
    this.#ticks = 0;
    this.#allowedSeconds = silenceSeconds + Math.ceil(announcedMilliseconds / 1000);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    this.#ticks += 1;
    if (this.#ticks > this.#allowedSeconds) {
      this.stop();
      this.#onSilence(this.#allowedSeconds);
      return;
    }
    if (this.#ticks % pingSeconds === 0) this.#ping();
  }
}
