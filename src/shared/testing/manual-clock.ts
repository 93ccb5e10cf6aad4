/** A clock whose time passes only when nothing else is left to do: hours of a protocol in milliseconds, always in the same order. */
import type { Clock } from '../clock.ts';

interface Timer {
  at: number;
  callback: () => void;
}

export class ManualClock implements Clock {
  #now = 0;
  /** Sorted by time; equal ones in the order they were set. */
  readonly #timers: Timer[] = [];

  now(): number {
    return this.#now;
  }

  get timers(): number {
    return this.#timers.length;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = { at: this.#now + milliseconds, callback };
    let low = 0;
    let high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#timers[middle]?.at ?? 0) <= timer.at) low = middle + 1;
      else high = middle;
    }
    this.#timers.splice(low, 0, timer);
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index >= 0) this.#timers.splice(index, 1);
    };
  }

  soon(callback: () => void): void {
    queueMicrotask(callback);
  }

  /** Lets so much time pass. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await settled();
    while ((this.#timers[0]?.at ?? Infinity) <= end) await this.#fire();
    this.#now = end;
  }

  /** Lets time pass until the promise is settled; returns its value. Fails when there is nothing left to wait for. */
  async until<T>(promise: Promise<T>, limit = 3_600_000): Promise<T> {
    let over = false;
    const done = (): void => {
      over = true;
    };
    promise.then(done, done);
    const end = this.#now + limit;
    for (;;) {
      await settled();
      // oxlint-disable-next-line no-unnecessary-condition
      if (over) return promise;
      if (this.#timers.length === 0 || this.#now > end) throw new Error(`it is still under way after ${this.#now} ms, with ${this.#timers.length} timers set`);
      await this.#fire();
    }
  }

  async #fire(): Promise<void> {
    const timer = this.#timers.shift();
    if (timer === undefined) return;
    this.#now = Math.max(this.#now, timer.at);
    timer.callback();
    await settled();
  }
}

/** Every promise that can go on has gone on. */
function settled(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const channel = immediate();
  channel(() => resolve());
  return promise;
}

/** The units run in Node, whose types this realm does not have. */
function immediate(): (callback: () => void) => void {
  const set: unknown = Reflect.get(globalThis, 'setImmediate');
  if (typeof set !== 'function') throw new Error('there is no setImmediate');
  return (callback) => void Reflect.apply(set, undefined, [callback]);
}
