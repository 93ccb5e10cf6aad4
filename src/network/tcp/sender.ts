/**
 * The sending half of a connection once it is established: what is queued, what is under way, what has to be sent again.
 *
 * Bytes stay in the ring until they are acknowledged. `#next` is what is sent next; after a time-out it goes back to the
 * first unacknowledged byte, and `#highest` remembers how far it has been (as SND.NXT and snd_max in the BSDs).
 */
import type { Clock } from '../../shared/clock.ts';
import { ByteRing } from './byte-ring.ts';
import { Congestion } from './congestion.ts';
import { RoundTrip } from './round-trip.ts';

/** As many duplicates tell a loss from a change of order (RFC 5681, 3.2). */
const duplicatesOfLoss = 3;

export interface SenderOptions {
  readonly clock: Clock;
  /** Position of the first byte. */
  readonly start: number;
  /** Bytes of a full segment. */
  readonly segmentBytes: number;
  /** Bytes kept at most: queued and under way. */
  readonly bufferBytes: number;
  /** The peer's window in bytes, from `start`. */
  readonly window: number;
  /** Bytes under way at most, before all else that limits them. */
  readonly flightBytes: number;
  /** Silence after which the peer is given up, in milliseconds. */
  readonly patience: number;
}

export interface SenderEvents {
  emit(position: number, payload: Uint8Array, marks: { push: boolean; fin: boolean }): void;
  /** There is room in the queue again. */
  onRoom(): void;
  /** Everything has arrived, the end included. */
  onDelivered(): void;
  /** The peer has not been heard for too long. */
  onSilence(): void;
}

/** What a segment says to the sender. */
export interface Acknowledgement {
  position: number;
  /** In bytes. */
  window: number;
  /** Where the segment itself stands in the peer's stream: older ones must not change the window. */
  from: number;
  /** It has neither data nor marks of its own. */
  pure: boolean;
}

export class Sender {
  readonly #options: SenderOptions;
  readonly #events: SenderEvents;
  readonly #ring: ByteRing;
  readonly #congestion: Congestion;
  readonly #roundTrip = new RoundTrip();
  #acknowledged: number;
  #next: number;
  #highest: number;
  /** Behind the last queued byte; the FIN, if any, stands there. */
  #end: number;
  #finished = false;
  /** Right edge of the peer's window. */
  #edge: number;
  #largestWindow: number;
  #windowFrom = -Infinity;
  #windowBy: number;
  #duplicates = 0;
  /** While holes are being filled: how far things had been sent when the first was seen. */
  #recovering: number | undefined;
  #timed: { position: number; at: number } | undefined;
  #heard: number;
  #cancelTimer: (() => void) | undefined;
  #pumpWanted = false;
  #closed = false;

  constructor(options: SenderOptions, events: SenderEvents) {
    this.#options = options;
    this.#events = events;
    this.#ring = new ByteRing(options.bufferBytes);
    this.#congestion = new Congestion(options.segmentBytes, Math.min(options.flightBytes, options.bufferBytes));
    this.#acknowledged = options.start;
    this.#next = options.start;
    this.#highest = options.start;
    this.#end = options.start;
    this.#edge = options.start + options.window;
    this.#largestWindow = options.window;
    this.#windowBy = options.start;
    this.#heard = options.clock.now();
  }

  /** Position of the next segment that carries nothing. */
  get next(): number {
    return this.#highest;
  }

  get delivered(): boolean {
    return this.#finished && this.#acknowledged > this.#end;
  }

  /** Queues as much as there is room for; returns how many bytes that was. */
  queue(bytes: Uint8Array): number {
    const used = this.#end - Math.min(this.#acknowledged, this.#end);
    const count = Math.min(bytes.length, this.#ring.capacity - used);
    if (count === 0) return 0;
    if (used === 0) this.#heard = this.#options.clock.now();
    this.#ring.put(used, bytes.subarray(0, count));
    this.#end += count;
    this.#pumpSoon();
    return count;
  }

  /** Nothing more will be queued. */
  finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    if (this.#end === this.#acknowledged) this.#heard = this.#options.clock.now();
    this.#pumpSoon();
  }

  close(): void {
    this.#closed = true;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#ring.clear();
  }

  /** Returns false for what has never been sent. */
  acknowledge(message: Acknowledgement): boolean {
    const { position } = message;
    if (position > this.#highest) return false;
    this.#heard = this.#options.clock.now();
    if (position < this.#acknowledged) return true;
    const moved = this.#moveWindow(message);
    if (position > this.#acknowledged) this.#advance(position);
    else if (message.pure && !moved && this.#highest > this.#acknowledged) this.#duplicate();
    this.#pump();
    if (this.delivered) this.#events.onDelivered();
    return true;
  }

  /** Returns whether anything changed. */
  #moveWindow({ position, window, from }: Acknowledgement): boolean {
    if (from < this.#windowFrom || (from === this.#windowFrom && position < this.#windowBy)) return false;
    this.#windowFrom = from;
    this.#windowBy = position;
    this.#largestWindow = Math.max(this.#largestWindow, window);
    const edge = position + window;
    const moved = edge !== this.#edge;
    this.#edge = edge;
    return moved;
  }

  #advance(position: number): void {
    const bytes = position - this.#acknowledged;
    const had = Math.min(position, this.#end) - this.#acknowledged;
    if (this.#timed !== undefined && position > this.#timed.position) {
      this.#roundTrip.measured(this.#options.clock.now() - this.#timed.at);
      this.#timed = undefined;
    }
    this.#roundTrip.recovered();
    this.#acknowledged = position;
    this.#next = Math.max(this.#next, position);
    this.#ring.skip(had);
    if (this.#recovering === undefined) {
      this.#congestion.acknowledged(bytes);
      this.#duplicates = 0;
    } else if (position >= this.#recovering) {
      this.#recovering = undefined;
      this.#duplicates = 0;
      this.#congestion.recovered();
    } else {
      this.#congestion.filled(bytes);
      this.#resendFirst();
    }
    this.#arm(true);
    if (had > 0) this.#events.onRoom();
  }

  #duplicate(): void {
    this.#duplicates += 1;
    if (this.#recovering !== undefined) {
      this.#congestion.arrivedBehindHole();
    } else if (this.#duplicates === duplicatesOfLoss && this.#next === this.#highest) {
      this.#recovering = this.#highest;
      this.#congestion.lost(this.#highest - this.#acknowledged);
      this.#resendFirst();
      this.#arm(true);
    }
  }

  #resendFirst(): void {
    this.#timed = undefined;
    this.#emit(this.#acknowledged, Math.min(this.#options.segmentBytes, this.#end - this.#acknowledged, this.#highest - this.#acknowledged));
  }

  #pumpSoon(): void {
    // What is written in pieces at one time goes out together.
    if (this.#pumpWanted) return;
    this.#pumpWanted = true;
    this.#options.clock.soon(() => {
      this.#pumpWanted = false;
      this.#pump();
    });
  }

  /** Sends what may be sent now. */
  #pump(): void {
    const { segmentBytes } = this.#options;
    while (!this.#closed) {
      const room = Math.min(this.#edge, this.#acknowledged + this.#congestion.window) - this.#next;
      const left = this.#end - this.#next;
      const length = Math.max(0, Math.min(segmentBytes, left, Math.floor(room)));
      const fin = this.#finished && left === length && left >= 0 && room > length;
      if (length === 0 && !fin) break;
      // A sliver of window is not worth a new segment while others are under way (RFC 9293, 3.8.6.2.1).
      const sliver = length < segmentBytes && length < left && length < this.#largestWindow / 2;
      if (sliver && this.#next === this.#highest && this.#highest > this.#acknowledged) break;
      if (this.#next === this.#highest) this.#timed ??= { position: this.#next, at: this.#options.clock.now() };
      const position = this.#next;
      this.#next += length + (fin ? 1 : 0);
      this.#highest = Math.max(this.#highest, this.#next);
      this.#emit(position, length);
    }
    this.#arm(false);
  }

  #emit(position: number, length: number): void {
    const last = position + length === this.#end;
    const fin = last && this.#finished && this.#highest > this.#end;
    this.#events.emit(position, this.#ring.copy(position - this.#acknowledged, Math.max(0, length)), { push: last && length > 0, fin });
  }

  /** There is one timer: for what is under way, or else for a window that is closed. */
  #arm(anew: boolean): void {
    const waiting = this.#highest > this.#acknowledged || this.#end > this.#next || (this.#finished && this.#next === this.#end);
    if (anew || !waiting) {
      this.#cancelTimer?.();
      this.#cancelTimer = undefined;
    }
    if (!waiting || this.#closed) return;
    this.#cancelTimer ??= this.#options.clock.after(this.#roundTrip.timeout, () => {
      this.#cancelTimer = undefined;
      this.#late();
    });
  }

  #late(): void {
    if (this.#options.clock.now() - this.#heard > this.#options.patience) {
      this.#events.onSilence();
      return;
    }
    this.#roundTrip.late();
    this.#timed = undefined;
    if (this.#edge <= this.#acknowledged) {
      // Outside the window: the peer has to say where it stands.
      this.#events.emit(this.#acknowledged - 1, new Uint8Array(0), { push: false, fin: false });
    } else if (this.#highest > this.#acknowledged) {
      this.#congestion.silent(this.#highest - this.#acknowledged);
      this.#duplicates = 0;
      this.#recovering = undefined;
      this.#next = this.#acknowledged;
      this.#pump();
    }
    this.#arm(true);
  }
}
