/** How long to wait for an acknowledgement (RFC 6298). Times in milliseconds. */

/** Before anything has been measured. */
const firstTimeout = 1000;
/** The RFC wants a second; an emulated guest answers within milliseconds unless it is busy, and a frame too many does little harm. */
const shortestTimeout = 300;
/** A guest may stand still while a part of its disk is fetched, and should be found again soon after. */
const longestTimeout = 10_000;

export class RoundTrip {
  #smoothed: number | undefined;
  #variation = 0;
  #backOff = 1;

  get timeout(): number {
    const measured = this.#smoothed === undefined ? firstTimeout : this.#smoothed + 4 * this.#variation;
    return Math.min(Math.max(measured, shortestTimeout) * this.#backOff, longestTimeout);
  }

  /** A segment that was sent once was acknowledged after this time. */
  measured(milliseconds: number): void {
    if (this.#smoothed === undefined) {
      this.#smoothed = milliseconds;
      this.#variation = milliseconds / 2;
      return;
    }
    this.#variation = (3 * this.#variation + Math.abs(this.#smoothed - milliseconds)) / 4;
    this.#smoothed = (7 * this.#smoothed + milliseconds) / 8;
  }

  /** Nothing came in time. */
  late(): void {
    this.#backOff = Math.min(this.#backOff * 2, 64);
  }

  /** Something came. */
  recovered(): void {
    this.#backOff = 1;
  }
}
