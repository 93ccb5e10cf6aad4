/** Lets a bounded number of tasks run at once; the others wait in the order they came. */
export class Limiter {
  readonly #maximum: number;
  #running = 0;
  readonly #queue: (() => void)[] = [];

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** Runs the task when there is room. A task whose signal fires while it waits is never started. */
  async run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    if (this.#running >= this.#maximum) await this.#room(signal);
    else this.#running += 1;
    try {
      signal?.throwIfAborted();
      return await task();
    } finally {
      // The place is handed on, not freed and taken again: nobody can get in between.
      const next = this.#queue.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  #room(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        const place = this.#queue.indexOf(enter);
        if (place >= 0) this.#queue.splice(place, 1);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#queue.push(enter);
    });
  }
}
