/**
 * How much may be under way (RFC 5681, RFC 6582). There is no wire to congest, but the guest's card has so many buffers for
 * all connections together, and what comes while they are full is lost.
 */

/** No need to begin carefully. */
const firstSegments = 40;
const fewestSegments = 4;

export class Congestion {
  readonly #segment: number;
  readonly #largest: number;
  #window: number;
  #threshold = Infinity;

  /** `segment`: bytes of a full segment; `largest`: bytes that the window will not exceed. */
  constructor(segment: number, largest: number) {
    this.#segment = segment;
    this.#largest = largest;
    this.#window = Math.min(firstSegments * segment, largest);
  }

  get window(): number {
    return this.#window;
  }

  acknowledged(bytes: number): void {
    const more = this.#window < this.#threshold ? bytes : (this.#segment * bytes) / this.#window;
    this.#window = Math.min(this.#window + more, this.#largest);
  }

  /** A hole is seen; `flight` bytes are under way. Three segments behind the hole have left the network. */
  lost(flight: number): void {
    this.#threshold = Math.max(flight / 2, fewestSegments * this.#segment);
    this.#window = this.#threshold + 3 * this.#segment;
  }

  /** Another segment behind the hole has left the network. */
  arrivedBehindHole(): void {
    this.#window += this.#segment;
  }

  /** A hole is filled and there is another one. */
  filled(bytes: number): void {
    this.#window = Math.max(this.#window - bytes + this.#segment, fewestSegments * this.#segment);
  }

  /** All holes are filled. */
  recovered(): void {
    this.#window = Math.min(this.#threshold, this.#largest);
  }

  /** No word from the other side in time. */
  silent(flight: number): void {
    this.#threshold = Math.max(flight / 2, fewestSegments * this.#segment);
    this.#window = this.#segment;
  }
}
