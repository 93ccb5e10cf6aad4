/** Turns "there may be something now" into promises of the next bytes. */
import type { ConnectionError } from '../connection.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export class ReadQueue {
  readonly #take: () => Bytes | 'end' | undefined;
  #waiting: { resolve: (bytes: Bytes | undefined) => void; reject: (error: Error) => void } | undefined;
  #broken: ConnectionError | undefined;

  /** `take` gives the next bytes, `end` when there will be none, or `undefined` when there are none yet. */
  constructor(take: () => Bytes | 'end' | undefined) {
    this.#take = take;
  }

  async read(): Promise<Bytes | undefined> {
    if (this.#waiting !== undefined) throw new TypeError('the connection is being read already');
    const next = this.#take();
    if (next !== undefined) return next === 'end' ? undefined : next;
    if (this.#broken !== undefined) throw this.#broken;
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  wake(): void {
    if (this.#waiting === undefined) return;
    const next = this.#take();
    if (next === undefined) return;
    const { resolve } = this.#waiting;
    this.#waiting = undefined;
    resolve(next === 'end' ? undefined : next);
  }

  /** No more will come; what has come can still be read. */
  close(error: ConnectionError): void {
    this.#broken = error;
    this.wake();
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
}
