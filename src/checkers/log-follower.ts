/** Output of containers makes no engine event; this follows the logs that a task is waiting for. */
import type { EngineClient } from '../guest/engine/client.ts';

export class LogFollower {
  readonly #engine: Pick<EngineClient, 'followLogs'>;
  readonly #onOutput: () => void;
  readonly #followed = new Map<string, AbortController>();

  constructor(engine: Pick<EngineClient, 'followLogs'>, onOutput: () => void) {
    this.#engine = engine;
    this.#onOutput = onOutput;
  }

  /** Follows exactly these containers from now on. */
  follow(ids: ReadonlySet<string>): void {
    for (const [id, abort] of this.#followed) {
      if (ids.has(id)) continue;
      abort.abort();
      this.#followed.delete(id);
    }
    for (const id of ids) if (!this.#followed.has(id)) this.#begin(id);
  }

  stop(): void {
    this.follow(new Set());
  }

  #begin(id: string): void {
    const abort = new AbortController();
    this.#followed.set(id, abort);
    const ended = () => {
      if (this.#followed.get(id) === abort) this.#followed.delete(id);
    };
    // It ends with the container, and fails with the engine; both are told by events, and the next look begins anew.
    this.#engine.followLogs(id, this.#onOutput, abort.signal).then(ended, ended);
  }
}
