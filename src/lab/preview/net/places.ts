/** The places at one port: so many requests are under way there at once, and who comes later waits for a turn, with a limit. */
import { type Clock, systemClock } from '../../../shared/clock.ts';
import { DrydockError } from '../../../shared/errors.ts';
import { SilenceLimit } from './silence.ts';

/** As many connections as browsers open to one server. */
export const maximumPlaces = 6;
/** So long a turn is waited for while nobody leaves. Longer than the silence of a service: one that hangs is told of as what it is. */
export const waitSeconds = 120;

export interface Place {
  /** Whether it is still taken, and at the machine that is there now. */
  readonly held: boolean;
  /** Gives it back. Only the first call counts. */
  leave(): void;
}

interface Waiting {
  readonly limit: SilenceLimit;
  readonly admit: () => void;
}

export class Places {
  readonly #port: number;
  readonly #clock: Clock;
  #taken = 0;
  /** Counts machines: a place at an earlier one is nobody's any more. */
  #machine = 0;
  readonly #waiting: Waiting[] = [];

  constructor(port: number, clock: Clock = systemClock) {
    this.#port = port;
    this.#clock = clock;
  }

  /** Takes a place as soon as there is one. Rejects with DD5116 when none was given back for too long, or with the signal's reason. */
  async enter(signal: AbortSignal): Promise<Place> {
    signal.throwIfAborted();
    if (this.#taken < maximumPlaces) return this.#take();
    const turn = Promise.withResolvers<Place>();
    const limit = new SilenceLimit(signal, this.#clock, waitSeconds, (seconds) => new DrydockError('preview-connections-taken', { port: this.#port, count: maximumPlaces, seconds }));
    const waiting: Waiting = { limit, admit: () => turn.resolve(this.#take()) };
    const giveUp = (): void => {
      // At once, so that no turn comes to one who is gone.
      const index = this.#waiting.indexOf(waiting);
      if (index >= 0) this.#waiting.splice(index, 1);
      turn.reject(limit.signal.reason);
    };
    this.#waiting.push(waiting);
    limit.signal.addEventListener('abort', giveUp, { once: true });
    try {
      return await turn.promise;
    } finally {
      limit.over();
      limit.signal.removeEventListener('abort', giveUp);
    }
  }

  /** All places are free, for example because the machine was reset; who has one may keep it, but it counts no more. */
  reset(): void {
    this.#machine++;
    this.#taken = 0;
    this.#admit();
  }

  #take(): Place {
    const machine = this.#machine;
    let held = true;
    const isCurrent = (): boolean => machine === this.#machine;
    this.#taken++;
    return {
      get held() {
        return held && isCurrent();
      },
      leave: () => {
        if (!held) return;
        held = false;
        if (!isCurrent()) return;
        this.#taken--;
        this.#admit();
      },
    };
  }

  #admit(): void {
    while (this.#taken < maximumPlaces) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      next.admit();
    }
    // It goes on, so the others may wait on.
    for (const { limit } of this.#waiting) limit.heard();
  }
}
