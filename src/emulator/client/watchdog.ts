/**
 * Notices a worker that no longer answers.
 *
 * It counts its own ticks instead of reading a clock: a laptop that slept or a tab that was frozen looks like a long
 * silence, but is one late tick only.
 */

/** Seconds of silence after which the worker is given up. */
export const silenceSeconds = 15;
const tickMilliseconds = 5000;
const allowedTicks = (silenceSeconds * 1000) / tickMilliseconds;

export class Watchdog {
  readonly #ping: () => void;
  readonly #onSilence: () => void;
  readonly #timer: ReturnType<typeof setInterval>;
  #unanswered = 0;

  /** `ping` asks the worker for a sign of life; `onSilence` is called once, and the watch ends. */
  constructor(ping: () => void, onSilence: () => void) {
    this.#ping = ping;
    this.#onSilence = onSilence;
    this.#timer = setInterval(() => this.#tick(), tickMilliseconds);
    ping();
  }

  /** Anything was heard. */
  heard(): void {
    this.#unanswered = 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    this.#unanswered += 1;
    if (this.#unanswered >= allowedTicks) {
      this.stop();
      this.#onSilence();
      return;
    }
    this.#ping();
  }
}
