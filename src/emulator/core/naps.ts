/**
 * How long the emulator sleeps while the guest has nothing to do.
 *
 * The guest's kernel ticks 250 times a second whatever happens (CONFIG_HZ_PERIODIC), some 4,000 instructions each, which
 * keeps a fifth of a core busy for nothing. So once nothing has happened for a while, several ticks become one: the kernel reads
 * the time from the processor's counter and makes up for ticks that come late. What wakes the guest from outside (a key, a
 * frame, a disk) does so at once, and only a timer of its own may then be late, by as much as a nap is long.
 */

/** Sleeps of at least so many milliseconds are for the next tick; a shorter one is for a timer that somebody waits for. */
const tickMilliseconds = 3;
/** A tick alone stays below; a process that is woken does not. */
const tickInstructions = 20_000;
/** Ticks with nothing else, 20 ms, until naps become long: what sleeps for less, again and again, is in time. */
const idleTicks = 5;
/** Naps of a second would save little more (tests/bench/idle.ts), and with these a `sleep 1` still looks like one. */
const napMilliseconds = 100;

export class Naps {
  readonly #instructions: () => number;
  #executed = 0;
  #idleTicks = 0;

  /** @param instructions that the guest has executed so far */
  constructor(instructions: () => number) {
    this.#instructions = instructions;
  }

  /** The guest has nothing to do for so many milliseconds, says the emulator. @returns how long to sleep */
  next(milliseconds: number): number {
    const executed = this.#instructions();
    this.#idleTicks = executed - this.#executed <= tickInstructions ? this.#idleTicks + 1 : 0;
    this.#executed = executed;
    return this.#idleTicks > idleTicks && milliseconds >= tickMilliseconds ? Math.max(milliseconds, napMilliseconds) : milliseconds;
  }

  /** Something from outside has ended a sleep. */
  disturb(): void {
    this.#idleTicks = 0;
  }
}
