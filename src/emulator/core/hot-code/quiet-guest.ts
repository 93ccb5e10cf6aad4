/** Tells when a guest has had next to nothing to do for a while, from its instructions: between two parts of a command it idles, too. */

/** An idle machine executes about a million instructions a second, one that runs a container some fifty. */
const quietInstructionsPerSecond = 10_000_000;
/** Long enough for a rate, short enough to get out of the way of somebody who has begun to type. */
const windowMilliseconds = 200;

export interface Clockwork {
  /** Instructions so far. */
  instructions(): number;
  /** Milliseconds. */
  now(): number;
  pause(milliseconds: number): Promise<void>;
}

export class QuietGuest {
  readonly #use: Clockwork;
  readonly #signal: AbortSignal;
  #since: number;
  #instructions: number;

  constructor(use: Clockwork, signal: AbortSignal) {
    this.#use = use;
    this.#signal = signal;
    this.#since = use.now();
    this.#instructions = use.instructions();
  }

  /** Resolves at once if the guest was quiet when it was looked at last, and that is not long ago; otherwise once it is. Early when the signal says so. */
  async quiet(): Promise<void> {
    while (!this.#signal.aborted && !this.#look()) await this.#use.pause(windowMilliseconds);
  }

  /** Whether the guest is quiet; a new look is taken only after a window's time. */
  #look(): boolean {
    const elapsed = this.#use.now() - this.#since;
    if (elapsed < windowMilliseconds) return true;
    const executed = this.#use.instructions() - this.#instructions;
    this.#since += elapsed;
    this.#instructions += executed;
    return executed <= (quietInstructionsPerSecond * elapsed) / 1000;
  }
}
