/** Writes that wait for room, in their order, and the end behind them. */
import { ConnectionError } from '../connection.ts';

export interface WriteTarget {
  /** Takes as many of the bytes as there is room for; returns how many. */
  queue(bytes: Uint8Array): number;
  /** All writes are queued and there will be no more. */
  finish(): void;
}

interface Write {
  bytes: Uint8Array;
  resolve: () => void;
  reject: (error: Error) => void;
}

export class WriteQueue {
  readonly #target: WriteTarget;
  readonly #waiting: Write[] = [];
  #ended = false;
  #broken: ConnectionError | undefined;

  constructor(target: WriteTarget) {
    this.#target = target;
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#broken !== undefined) throw this.#broken;
    if (this.#ended) throw new TypeError('the connection has been ended');
    const done = this.#waiting.length === 0 ? this.#target.queue(bytes) : 0;
    if (done === bytes.length && this.#waiting.length === 0) return;
    await new Promise<void>((resolve, reject) => this.#waiting.push({ bytes: bytes.subarray(done), resolve, reject }));
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#waiting.length === 0) this.#target.finish();
  }

  /** There is room. */
  wake(): void {
    if (this.#broken !== undefined) return;
    for (let write = this.#waiting[0]; write !== undefined; write = this.#waiting[0]) {
      const done = this.#target.queue(write.bytes);
      if (done < write.bytes.length) {
        write.bytes = write.bytes.subarray(done);
        return;
      }
      this.#waiting.shift();
      write.resolve();
    }
    if (this.#ended) this.#target.finish();
  }

  close(error: ConnectionError): void {
    this.#broken = error;
    for (const write of this.#waiting.splice(0)) write.reject(error);
  }
}
