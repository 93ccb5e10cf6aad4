/** Asks a peer that says nothing for long whether it still knows of the connection: its reset may have been lost (RFC 9293, 3.8.4). */
import type { TcpSettings } from './settings.ts';

export class Watch {
  readonly #settings: TcpSettings;
  readonly #ask: () => void;
  readonly #onSilence: () => void;
  #heard: number;
  #cancelTimer: () => void = () => undefined;

  constructor(settings: TcpSettings, events: { ask: () => void; onSilence: () => void }) {
    this.#settings = settings;
    this.#ask = events.ask;
    this.#onSilence = events.onSilence;
    this.#heard = settings.clock.now();
    this.#wait();
  }

  /** Something came from the peer. */
  heard(): void {
    this.#heard = this.#settings.clock.now();
  }

  close(): void {
    this.#cancelTimer();
  }

  #wait(): void {
    const { clock, keepAlive, patience } = this.#settings;
    this.#cancelTimer = clock.after(keepAlive, () => {
      const silence = clock.now() - this.#heard;
      if (silence >= keepAlive + patience) {
        this.#onSilence();
        return;
      }
      if (silence >= keepAlive) this.#ask();
      this.#wait();
    });
  }
}
