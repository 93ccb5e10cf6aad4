/** The protocol of one connection (RFC 9293): handshake, states, resets. Bytes are the sender's and the receiver's business. */
import { ConnectionError } from '../connection.ts';
import type { TcpSettings } from './settings.ts';
import { Acknowledgements } from './acknowledgements.ts';
import { Outlet } from './outlet.ts';
import { positionNear, sequenceOf } from './position.ts';
import { Receiver } from './receiver.ts';
import { flag, sequenceLength, type Segment } from './segment.ts';
import { Sender } from './sender.ts';
import type { TcpProtocolEvents, TcpProtocolOptions, TcpState } from './protocol-types.ts';
import { termsOf, type Terms } from './terms.ts';
import { Watch } from './watch.ts';

const nothing = new Uint8Array(0);

export class TcpProtocol {
  readonly #options: TcpProtocolOptions;
  readonly #settings: TcpSettings;
  readonly #events: TcpProtocolEvents;
  #state: TcpState;
  #receiver: Receiver | undefined;
  #sender: Sender | undefined;
  /** Known once the peer's SYN has come. */
  #terms: Terms | undefined;
  #watch: Watch | undefined;
  #handshakes = 0;
  #cancelTimer: (() => void) | undefined;
  readonly #outlet: Outlet;
  readonly #acknowledgements: Acknowledgements;

  constructor(options: TcpProtocolOptions, events: TcpProtocolEvents) {
    this.#options = options;
    this.#settings = options.settings;
    this.#events = events;
    this.#outlet = new Outlet(options.local, options.remote, options.send);
    this.#acknowledgements = new Acknowledgements({
      clock: options.settings.clock,
      delay: options.settings.acknowledgementDelay,
      updateDue: () => this.#receiver?.updateDue ?? false,
      send: () => this.#acknowledgeNow(),
    });
    this.#state = options.syn === undefined ? 'syn-sent' : 'syn-received';
    if (options.syn !== undefined) this.#learn(options.syn);
  }

  /** Sends the first segment. */
  begin(): void {
    this.#sendHandshake();
  }

  get state(): TcpState {
    return this.#state;
  }

  /** What the peer sends next: a SYN beyond it may begin a new connection where this one is in TIME-WAIT. */
  get expected(): number {
    return this.#receiver?.next ?? 0;
  }

  /** The next bytes that came, `end` behind the last, `undefined` while there are none. */
  take(): Uint8Array<ArrayBuffer> | 'end' | undefined {
    const receiver = this.#receiver;
    const bytes = receiver?.take();
    if (bytes !== undefined) {
      if (receiver?.updateDue === true && !receiver.ended) this.#acknowledgeSoon(0);
      return bytes;
    }
    return receiver?.ended === true ? 'end' : undefined;
  }

  /** Queues as many of the bytes as there is room for; returns how many that is. */
  queue(bytes: Uint8Array): number {
    return this.#sender?.queue(bytes) ?? 0;
  }

  /** Everything is queued that will be. */
  finish(): void {
    if (this.#sender === undefined) return;
    if (this.#state === 'established') this.#state = 'fin-wait-1';
    else if (this.#state === 'close-wait') this.#state = 'last-ack';
    else return;
    this.#sender.finish();
  }

  /** Nobody reads any more: what has come and what still comes is thrown away. */
  discard(): void {
    this.#receiver?.discard();
    this.#limitLingering();
  }

  /** Breaks it off. */
  abort(error: ConnectionError): void {
    if (this.#state !== 'time-wait') this.#reset();
    this.#close(error);
  }

  /** ICMP says that the peer cannot be reached. Only an attempt fails by it; what stands may be reached again (RFC 1122, 4.2.3.9). */
  unreachable(fault: 'unreachable' | 'refused'): void {
    if (this.#state !== 'syn-sent') return;
    this.#close(new ConnectionError(fault, `${this.#peer} cannot be reached`));
  }

  get #peer(): string {
    return `${this.#options.remote.address}:${this.#options.remote.port}`;
  }

  /** Takes a segment from the peer. */
  input(segment: Segment): void {
    if (this.#state === 'closed') return;
    this.#watch?.heard();
    if (this.#state === 'syn-sent') this.#inputSynSent(segment);
    else this.#inputSynchronized(segment);
  }

  #inputSynSent(segment: Segment): void {
    const acknowledges = (segment.flags & flag.acknowledge) !== 0;
    const acceptable = acknowledges && segment.acknowledgement === sequenceOf(this.#options.initial + 1);
    if ((segment.flags & flag.reset) !== 0) {
      if (acceptable) this.#close(new ConnectionError('refused', `${this.#peer} refused the connection`));
      return;
    }
    if (acknowledges && !acceptable) {
      this.#outlet.refuse(segment.acknowledgement);
      return;
    }
    if ((segment.flags & flag.syn) === 0) return;
    this.#learn(segment);
    if (acknowledges) {
      this.#open(segment.window);
      this.#acknowledgeNow();
    } else {
      // Both sides have begun at the same time.
      this.#state = 'syn-received';
      this.#handshakes = 0;
      this.#sendHandshake();
    }
  }

  #inputSynchronized(segment: Segment): void {
    const receiver = this.#receiver;
    if (receiver === undefined) return;
    const position = positionNear(segment.sequence, receiver.next);
    const reset = (segment.flags & flag.reset) !== 0;
    if (!receiver.accepts(position, sequenceLength(segment))) {
      if (this.#state === 'time-wait' && (segment.flags & flag.fin) !== 0) this.#waitOut();
      if (this.#state === 'syn-received') this.#sendHandshake();
      else if (!reset) this.#acknowledgeNow();
      return;
    }
    if (reset) {
      // Only the exact number may do it, anything else in the window is asked about (3.10.7.4).
      if (position !== receiver.next) this.#acknowledgeNow();
      else this.#close(new ConnectionError('reset', `${this.#peer} broke the connection off`));
      return;
    }
    if ((segment.flags & flag.syn) !== 0) {
      this.#acknowledgeNow();
      return;
    }
    if ((segment.flags & flag.acknowledge) === 0 || !this.#inputAcknowledgement(segment, position)) return;
    this.#inputData(segment, position, receiver);
  }

  /** Returns whether the rest of the segment counts. */
  #inputAcknowledgement(segment: Segment, from: number): boolean {
    const window = segment.window << (this.#terms?.remoteScale ?? 0);
    if (this.#state === 'syn-received') {
      if (segment.acknowledgement !== sequenceOf(this.#options.initial + 1)) {
        this.#outlet.refuse(segment.acknowledgement);
        return false;
      }
      this.#open(window);
      // It may have been broken off by whom it was opened for.
      if (this.state === 'closed') return false;
    }
    const sender = this.#sender;
    if (sender === undefined) return false;
    const position = positionNear(segment.acknowledgement, sender.next);
    if (sender.acknowledge({ position, window, from, pure: sequenceLength(segment) === 0 })) return true;
    this.#acknowledgeNow();
    return false;
  }

  #inputData(segment: Segment, position: number, receiver: Receiver): void {
    const fin = (segment.flags & flag.fin) !== 0;
    if (segment.payload.length === 0 && !fin) return;
    const ended = receiver.ended;
    const before = receiver.next;
    const arrival = receiver.put(position, segment.payload, fin);
    if (receiver.ended && !ended) {
      this.#peerEnded();
      this.#acknowledgeNow();
    } else if (arrival === 'next' && receiver.next - before <= segment.payload.length) this.#acknowledgeSoon(segment.payload.length);
    else this.#acknowledgeNow();
    this.#events.onReadable();
    // Nobody reads, so that nobody else opens the window.
    if (receiver.updateDue) this.#acknowledgeSoon(0);
  }

  #peerEnded(): void {
    if (this.#state === 'established') this.#state = 'close-wait';
    else if (this.#state === 'fin-wait-1') this.#state = 'closing';
    else if (this.#state === 'fin-wait-2') this.#waitOut();
  }

  #sent(): void {
    this.#events.onDelivered();
    if (this.#state === 'fin-wait-1') {
      this.#state = 'fin-wait-2';
      this.#limitLingering();
    } else if (this.#state === 'closing') this.#waitOut();
    else if (this.#state === 'last-ack') this.#close();
  }

  /** The last acknowledgement may get lost; after that nothing is known of the connection any more. */
  #waitOut(): void {
    this.#state = 'time-wait';
    this.#setTimer(this.#settings.timeWait, () => this.#close());
  }

  /** Where nobody reads any more, a peer that never ends must not keep the connection for ever. */
  #limitLingering(): void {
    if (this.#state !== 'fin-wait-2' || !(this.#receiver?.discarding ?? false)) return;
    this.#setTimer(this.#settings.lingering, () => {
      this.#reset();
      this.#close();
    });
  }

  #learn(syn: Segment): void {
    this.#terms = termsOf(syn, this.#settings);
    const { segmentBytes, receiveBytes } = this.#terms;
    this.#receiver = new Receiver({ start: syn.sequence + 1, bufferBytes: receiveBytes, segmentBytes });
  }

  #open(window: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#state = 'established';
    const { segmentBytes = 0, firstWindow = 0 } = this.#terms ?? {};
    this.#sender = new Sender(
      {
        clock: this.#settings.clock,
        start: this.#options.initial + 1,
        segmentBytes,
        bufferBytes: this.#settings.bufferBytes,
        flightBytes: this.#settings.flightSegments * segmentBytes,
        window: Math.max(window, firstWindow),
        patience: this.#settings.patience,
      },
      {
        emit: (position, payload, { push, fin }) => this.#send(position, payload, (push ? flag.push : 0) | (fin ? flag.fin : 0)),
        onRoom: () => this.#events.onRoom(),
        onDelivered: () => this.#sent(),
        onSilence: () => this.#silent(),
      },
    );
    const ask = (): void => this.#send((this.#sender?.next ?? 0) - 1, nothing, 0);
    this.#watch = new Watch(this.#settings, { ask, onSilence: () => this.#silent() });
    this.#events.onOpen();
    this.#events.onRoom();
  }

  #silent(): void {
    this.#close(new ConnectionError('timeout', `${this.#peer} has not answered for ${this.#settings.patience / 1000} s`));
  }

  #sendHandshake(): void {
    const { settings } = this.#options;
    const scaled = this.#terms === undefined || this.#terms.localScale > 0;
    this.#outlet.handshake(this.#options.initial, this.#receiver?.next, {
      window: settings.bufferBytes,
      maximumSegment: settings.segmentBytes,
      ...(scaled && { windowScale: settings.windowScale }),
    });
    if (this.#cancelTimer !== undefined) return;
    this.#handshakes += 1;
    this.#setTimer(settings.handshakeRetry * 2 ** (this.#handshakes - 1), () => {
      if (this.#handshakes < settings.handshakes) this.#sendHandshake();
      else this.#close(new ConnectionError('timeout', `${this.#peer} does not answer`));
    });
  }

  #acknowledgeSoon(bytes: number): void {
    this.#acknowledgements.soon(bytes, 2 * (this.#terms?.segmentBytes ?? 0));
  }

  #acknowledgeNow(): void {
    this.#send(this.#sender?.next ?? this.#options.initial + 1, nothing, 0);
  }

  #reset(): void {
    this.#send(this.#sender?.next ?? this.#options.initial + 1, nothing, flag.reset);
  }

  #send(position: number, payload: Uint8Array, flags: number): void {
    const receiver = this.#receiver;
    if (receiver === undefined || this.#state === 'closed') return;
    receiver.open();
    this.#acknowledgements.sent();
    this.#outlet.segment(position, receiver.next, receiver.window >>> (this.#terms?.localScale ?? 0), flags, payload);
  }

  #setTimer(milliseconds: number, callback: () => void): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#settings.clock.after(milliseconds, () => {
      this.#cancelTimer = undefined;
      callback();
    });
  }

  #close(error?: ConnectionError): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#cancelTimer?.();
    this.#acknowledgements.close();
    this.#watch?.close();
    this.#sender?.close();
    this.#events.onClosed(error);
  }
}
