/** Which MAC has which address: what has been seen, and questions under way (RFC 826). One table for all hosts of the page. */
import type { Clock } from '../shared/clock.ts';

/** A guest that makes up addresses must not fill the memory. */
const maximumKnown = 1024;
/** Packets that wait for one address; more of them are dropped. */
const maximumWaiting = 16;
const requests = 3;
const requestMilliseconds = 1000;

interface Question {
  waiting: ((mac: Uint8Array | undefined) => void)[];
  cancelTimer: () => void;
}

export class Neighbors {
  readonly #clock: Clock;
  readonly #known = new Map<number, Uint8Array>();
  readonly #questions = new Map<number, Question>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  learn(address: number, mac: Uint8Array): void {
    if (address === 0) return;
    const known = this.#known.get(address);
    if (known === undefined || known.some((byte, index) => byte !== mac[index])) {
      this.#known.delete(address);
      this.#known.set(address, mac.slice());
      const oldest = this.#known.keys().next();
      if (this.#known.size > maximumKnown && oldest.done !== true) this.#known.delete(oldest.value);
    }
    this.#answer(address, mac);
  }

  /** Calls back with the MAC, at once if it is known; with `undefined` when nobody has said that it is his. `ask` sends the question. */
  resolve(address: number, ask: () => void, then: (mac: Uint8Array | undefined) => void): void {
    const known = this.#known.get(address);
    if (known !== undefined) {
      then(known);
      return;
    }
    const question = this.#questions.get(address);
    if (question !== undefined) {
      if (question.waiting.length < maximumWaiting) question.waiting.push(then);
      return;
    }
    this.#ask(address, ask, [then], requests);
  }

  close(): void {
    for (const { cancelTimer } of this.#questions.values()) cancelTimer();
    this.#questions.clear();
  }

  #ask(address: number, ask: () => void, waiting: Question['waiting'], left: number): void {
    const cancelTimer = this.#clock.after(requestMilliseconds, () => {
      if (left > 1) this.#ask(address, ask, waiting, left - 1);
      else this.#answer(address, undefined);
    });
    this.#questions.set(address, { waiting, cancelTimer });
    ask();
  }

  #answer(address: number, mac: Uint8Array | undefined): void {
    const question = this.#questions.get(address);
    if (question === undefined) return;
    this.#questions.delete(address);
    question.cancelTimer();
    for (const then of question.waiting) then(mac);
  }
}
