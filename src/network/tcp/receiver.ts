/** The receiving half of a connection: puts what arrives in any order into its place and says how much more may come. */
import { ByteRing } from './byte-ring.ts';

/** Gaps that are kept track of; what would make another one is left to be sent again. */
const maximumGaps = 256;
/** Taken out at once at most, so that a reader need not hold everything. */
const takenBytes = 65_536;

export interface ReceiverOptions {
  /** Position of the first byte. */
  readonly start: number;
  readonly bufferBytes: number;
  /** Bytes of a full segment: the window moves in no smaller steps. */
  readonly segmentBytes: number;
}

/** `next`: it was expected; `ahead`: something before it is missing; `old`: nothing of it was new. */
export type Arrival = 'next' | 'ahead' | 'old';

export class Receiver {
  readonly #options: ReceiverOptions;
  readonly #ring: ByteRing;
  /** First byte that has not been taken. */
  #taken: number;
  /** First byte that has not come. */
  #next: number;
  /** Right edge of the window as it was announced. */
  #edge: number;
  /** What came ahead: sorted, with gaps between. */
  readonly #ahead: { from: number; to: number }[] = [];
  #fin: number | undefined;
  #discarding = false;

  constructor(options: ReceiverOptions) {
    this.#options = options;
    this.#ring = new ByteRing(options.bufferBytes);
    this.#taken = options.start;
    this.#next = options.start;
    this.#edge = options.start + options.bufferBytes;
  }

  /** What is acknowledged. */
  get next(): number {
    return this.#next;
  }

  /** The peer's end has come, with everything before it. */
  get ended(): boolean {
    return this.#fin !== undefined && this.#next > this.#fin;
  }

  get available(): number {
    return Math.min(this.#next, this.#fin ?? Infinity) - this.#taken;
  }

  get window(): number {
    return Math.max(0, this.#edge - this.#next);
  }

  /**
   * Whether any of these sequence numbers is inside the window (RFC 9293, 3.4). What takes none may stand at its right edge:
   * that is where the acknowledgements of a peer stand that has filled the window, and they count even if a part of it was
   * lost.
   */
  accepts(position: number, length: number): boolean {
    if (length === 0) return position >= this.#next && position <= this.#edge;
    if (this.window === 0) return position === this.#next;
    return position < this.#edge && position + length > this.#next;
  }

  put(position: number, payload: Uint8Array, fin: boolean): Arrival {
    const from = Math.max(position, this.#next);
    const whole = position + payload.length;
    const to = Math.min(whole, this.#edge, this.#fin ?? Infinity);
    const before = this.#next;
    if (to > from) {
      if (from > before && !this.#note(from, to)) return 'ahead';
      if (!this.#discarding || from > before) this.#ring.put(from - this.#taken, payload.subarray(from - position, to - position));
      if (from === before) this.#reach(to);
    }
    if (fin && whole <= this.#edge) this.#fin ??= Math.max(whole, this.#next);
    if (this.#fin === this.#next) this.#next += 1;
    if (this.#next > before) {
      if (this.#discarding) this.#drop();
      return 'next';
    }
    return from > before ? 'ahead' : 'old';
  }

  /** The next bytes; `undefined` if there are none. */
  take(): Uint8Array<ArrayBuffer> | undefined {
    const count = Math.min(this.available, takenBytes);
    if (count <= 0) return undefined;
    const bytes = this.#ring.copy(0, count);
    this.#ring.skip(count);
    this.#taken += count;
    if (this.available === 0 && this.#ahead.length === 0) this.#ring.clear();
    return bytes;
  }

  /** Moves the window as far as there is room, but by no sliver; for every segment that is sent. */
  open(): void {
    if (this.#gain >= this.#step) this.#edge += this.#gain;
  }

  /** Whether the peer should be told of the room there is: it may be waiting for it. */
  get updateDue(): boolean {
    const { bufferBytes, segmentBytes } = this.#options;
    if (this.window < segmentBytes) return this.#gain >= this.#step;
    return this.#gain >= Math.max(2 * segmentBytes, bufferBytes / 4);
  }

  get #gain(): number {
    return this.#taken + this.#options.bufferBytes - this.#edge;
  }

  get #step(): number {
    return Math.min(this.#options.bufferBytes / 2, this.#options.segmentBytes);
  }

  get discarding(): boolean {
    return this.#discarding;
  }

  /** From now on nobody reads: what has come and what will come is thrown away. */
  discard(): void {
    this.#discarding = true;
    this.#drop();
  }

  #drop(): void {
    const count = this.available;
    this.#taken += count;
    this.#ring.skip(count);
  }

  /** Notes what came ahead; returns false if there are too many gaps already. */
  #note(from: number, to: number): boolean {
    const ranges = this.#ahead;
    let first = 0;
    while (first < ranges.length && (ranges[first]?.to ?? 0) < from) first += 1;
    let last = first;
    let start = from;
    let end = to;
    for (let range = ranges[last]; range !== undefined && range.from <= to; range = ranges[last]) {
      start = Math.min(start, range.from);
      end = Math.max(end, range.to);
      last += 1;
    }
    if (first === last && ranges.length >= maximumGaps) return false;
    ranges.splice(first, last - first, { from: start, to: end });
    return true;
  }

  #reach(to: number): void {
    this.#next = to;
    for (let range = this.#ahead[0]; range !== undefined && range.from <= this.#next; range = this.#ahead[0]) {
      this.#next = Math.max(this.#next, range.to);
      this.#ahead.shift();
    }
  }
}
