/** A wire between two ends of a test that loses, doubles and reorders what it carries. */
import type { Clock } from '../../shared/clock.ts';
import type { Random } from './random.ts';

export interface Faults {
  /** Probabilities, 0 to 1. */
  drop: number;
  duplicate: number;
  reorder: number;
  /** Milliseconds a frame is under way. */
  delay: number;
}

export const perfect: Faults = { drop: 0, duplicate: 0, reorder: 0, delay: 1 };

export class Wire {
  readonly #clock: Clock;
  readonly #random: Random;
  faults: Faults;
  /** Frames that were put in, lost ones included. */
  carried = 0;

  constructor(clock: Clock, random: Random, faults: Faults = perfect) {
    this.#clock = clock;
    this.#random = random;
    this.faults = faults;
  }

  /** Takes something for the other end. */
  carry(deliver: () => void): void {
    const { drop, duplicate, reorder, delay } = this.faults;
    this.carried += 1;
    for (let copies = this.#random.chance(duplicate) ? 2 : 1; copies > 0; copies -= 1) {
      if (this.#random.chance(drop)) continue;
      // Behind some of those that are put in after it.
      const late = this.#random.chance(reorder) ? 1 + this.#random.below(5 * delay + 1) : 0;
      this.#clock.after(delay + late, deliver);
    }
  }
}
