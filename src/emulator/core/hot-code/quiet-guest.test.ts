import { expect, it } from 'vitest';
import { QuietGuest } from './quiet-guest.ts';

/** A guest that executes so many instructions in each millisecond, by a clock that only moves when told. */
class Guest {
  perMillisecond = 1000;
  pauses = 0;
  #time = 0;
  #instructions = 0;
  readonly stop = new AbortController();
  readonly watched = new QuietGuest({ now: () => this.#time, instructions: () => this.#instructions, pause: async (milliseconds) => this.#paused(milliseconds) }, this.stop.signal);
  /** What happens at each pause. */
  onPause: () => void = () => undefined;

  pass(milliseconds: number): void {
    this.#time += milliseconds;
    this.#instructions += milliseconds * this.perMillisecond;
  }

  #paused(milliseconds: number): void {
    this.pauses++;
    this.pass(milliseconds);
    this.onPause();
  }
}

it('does not wait while the guest idles', async () => {
  const guest = new Guest();
  for (let round = 0; round < 20; round++) {
    guest.pass(40);
    await guest.watched.quiet();
  }
  expect(guest.pauses).toBe(0);
});

it('waits while a command runs, also through its short rests, and goes on after it', async () => {
  const guest = new Guest();
  guest.perMillisecond = 60_000;
  guest.pass(150);
  guest.perMillisecond = 0;
  guest.pass(100);
  guest.perMillisecond = 60_000;
  guest.onPause = () => {
    if (guest.pauses === 3) guest.perMillisecond = 1000;
  };
  await guest.watched.quiet();
  expect(guest.pauses).toBe(4);
});

it('ends when told', async () => {
  const guest = new Guest();
  guest.perMillisecond = 60_000;
  guest.pass(300);
  guest.onPause = () => guest.stop.abort();
  await guest.watched.quiet();
  expect(guest.pauses).toBe(1);
});
