/** A clock that can be stopped: while the guests stand still no time passes for what waits for them. */
import type { Clock } from './clock.ts';

interface Timer {
  /** By this clock. */
  at: number;
  callback: () => void;
  cancel: () => void;
}

export class PausableClock implements Clock {
  readonly #clock: Clock;
  readonly #timers = new Set<Timer>();
  /** How much later this clock is than the other. */
  #behind = 0;
  #pausedAt: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return (this.#pausedAt ?? this.#clock.now()) - this.#behind;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer: Timer = { at: this.now() + milliseconds, callback, cancel: () => undefined };
    this.#timers.add(timer);
    if (this.#pausedAt === undefined) this.#set(timer);
    return () => {
      timer.cancel();
      this.#timers.delete(timer);
    };
  }

  soon(callback: () => void): void {
    this.#clock.soon(callback);
  }

  pause(): void {
    if (this.#pausedAt !== undefined) return;
    this.#pausedAt = this.#clock.now();
    for (const timer of this.#timers) timer.cancel();
  }

  resume(): void {
    if (this.#pausedAt === undefined) return;
    this.#behind += this.#clock.now() - this.#pausedAt;
    this.#pausedAt = undefined;
    for (const timer of this.#timers) this.#set(timer);
  }

  #set(timer: Timer): void {
    // The processor may have been taken away since the time was computed.
    timer.cancel = this.#clock.after(Math.max(0, timer.at - this.now()), () => {
      this.#timers.delete(timer);
      timer.callback();
    });
  }
}
