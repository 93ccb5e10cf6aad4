/** A limit on silence: the signal fires when nothing was heard for too long, or when another one does. */
import { DrydockError } from '../../../shared/errors.ts';
import { silenceSeconds } from './faults.ts';

export class SilenceLimit {
  readonly #abort = new AbortController();
  readonly #port: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly signal: AbortSignal;

  constructor(port: number, signal: AbortSignal) {
    this.#port = port;
    this.signal = AbortSignal.any([signal, this.#abort.signal]);
    this.heard();
  }

  /** Something came: the time begins anew. */
  heard(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#abort.abort(new DrydockError('preview-timed-out', { port: this.#port, seconds: silenceSeconds })), silenceSeconds * 1000);
  }

  /** Silence is no fault any more. */
  over(): void {
    clearTimeout(this.#timer);
  }
}
