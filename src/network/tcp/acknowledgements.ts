/**
 * When to acknowledge. What comes in one burst is acknowledged together, and a single segment after a moment, for data may
 * go the same way by then: every frame costs the guest as much work as a thousand bytes.
 */
import type { Clock } from '../../shared/clock.ts';

export interface AcknowledgementOptions {
  readonly clock: Clock;
  /** Milliseconds that a single segment waits. */
  readonly delay: number;
  /** Whether the peer should be told of more room in any case. */
  updateDue(): boolean;
  send(): void;
}

export class Acknowledgements {
  readonly #options: AcknowledgementOptions;
  #bytes = 0;
  #wanted = false;
  #closed = false;
  #cancelTimer: (() => void) | undefined;

  constructor(options: AcknowledgementOptions) {
    this.#options = options;
  }

  /** So many bytes have come; from `enough` on they are acknowledged without waiting for others. */
  soon(bytes: number, enough: number): void {
    this.#bytes += bytes;
    if (this.#wanted) return;
    this.#wanted = true;
    const { clock, delay, send, updateDue } = this.#options;
    clock.soon(() => {
      this.#wanted = false;
      if (this.#closed) return;
      if (this.#bytes >= enough || updateDue()) send();
      else if (this.#bytes > 0) this.#cancelTimer ??= clock.after(delay, send);
    });
  }

  /** A segment has been sent, and an acknowledgement with it. */
  sent(): void {
    this.#bytes = 0;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  close(): void {
    this.#closed = true;
    this.sent();
  }
}
