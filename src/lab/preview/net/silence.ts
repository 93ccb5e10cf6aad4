/** A limit on silence: the signal fires when nothing was heard for too long, or when another one does. */
import { type Clock, systemClock } from '../../../shared/clock.ts';
import { DrydockError } from '../../../shared/errors.ts';
import { silenceSeconds } from './faults.ts';

export class SilenceLimit {
  readonly #abort = new AbortController();
  readonly #clock: Clock;
  readonly #seconds: number;
  readonly #fault: (seconds: number) => DrydockError;
  #callOff: () => void = () => undefined;
  #isOver = false;
  readonly signal: AbortSignal;

  /**
   * @param clock that of the machine, since who waits for a paused one hears nothing of it
   * @param fault what the signal's reason is then
   */
  constructor(signal: AbortSignal, clock: Clock, seconds: number, fault: (seconds: number) => DrydockError) {
    this.#clock = clock;
    this.#seconds = seconds;
    this.#fault = fault;
    this.signal = AbortSignal.any([signal, this.#abort.signal]);
    this.heard();
  }

  /** Something came: the time begins anew. */
  heard(): void {
    this.#callOff();
    if (this.#isOver) return;
    this.#callOff = this.#clock.after(this.#seconds * 1000, () => this.#abort.abort(this.#fault(this.#seconds)));
  }

  /** Silence is no fault any more, whatever is heard later. */
  over(): void {
    this.#isOver = true;
    this.#callOff();
  }
}

/** The limit for what listens on a port. Its reason is DD5105. */
export function silenceOf(port: number, signal: AbortSignal, clock: Clock = systemClock): SilenceLimit {
  return new SilenceLimit(signal, clock, silenceSeconds, (seconds) => new DrydockError('preview-timed-out', { port, seconds }));
}
