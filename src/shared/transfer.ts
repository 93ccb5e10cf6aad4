/**
 * A limit on a download that stands still: on a connection that died without a word, a browser waits for minutes and a
 * learner with it.
 */

/** A transfer without a single byte for so long is given up. */
const defaultStallMilliseconds = 15_000;

/** One attempt. It ends with the signal it was given, or by itself when it stands still. */
export class Transfer {
  readonly #abort = new AbortController();
  readonly #outer: AbortSignal;
  readonly #stallMilliseconds: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waiting = false;

  constructor(signal: AbortSignal, stallMilliseconds = defaultStallMilliseconds) {
    this.#outer = signal;
    this.#stallMilliseconds = stallMilliseconds;
    if (signal.aborted) this.#stop();
    signal.addEventListener('abort', this.#stop, { once: true });
  }

  /** For whatever does the transfer. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /**
   * Waits for a step that needs something from the other side. Rejects as the step does, with the signal's reason, or when
   * nothing came for too long; also where the step itself ignores the signal. One step at a time.
   */
  async wait<T>(step: () => Promise<T>): Promise<T> {
    const { signal } = this.#abort;
    signal.throwIfAborted();
    const stopped = Promise.withResolvers<never>();
    const stop = (): void => stopped.reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    this.#waiting = true;
    this.heard();
    try {
      return await Promise.race([step(), stopped.promise]);
    } finally {
      this.#waiting = false;
      clearTimeout(this.#timer);
      signal.removeEventListener('abort', stop);
    }
  }

  /** Something came: the time begins anew. */
  heard(): void {
    clearTimeout(this.#timer);
    if (!this.#waiting) return;
    this.#timer = setTimeout(() => this.#abort.abort(new Error(`no data for ${this.#stallMilliseconds / 1000} s`)), this.#stallMilliseconds);
  }

  /** To be called in any case: ends what is still under way. */
  end(): void {
    this.#outer.removeEventListener('abort', this.#stop);
    this.#abort.abort();
  }

  readonly #stop = (): void => this.#abort.abort(this.#outer.reason);
}
