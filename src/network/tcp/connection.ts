/**
 * One TCP connection (RFC 9293): handshake, states, resets; bytes are the sender's and the receiver's business.
 *
 * Acknowledgements wait for what comes in the same burst, and a moment for data to go with: every frame costs the guest
 * as much work as a thousand bytes.
 */
import { ConnectionError, type Connection, type Endpoint } from '../connection.ts';
import type { TcpSettings } from './settings.ts';
import { positionNear, sequenceOf } from './position.ts';
import { ReadQueue } from './read-queue.ts';
import { Receiver } from './receiver.ts';
import { flag, sequenceLength, type Segment } from './segment.ts';
import { Sender } from './sender.ts';
import { WriteQueue } from './write-queue.ts';

export type TcpState = 'syn-sent' | 'syn-received' | 'established' | 'fin-wait-1' | 'fin-wait-2' | 'close-wait' | 'closing' | 'last-ack' | 'time-wait' | 'closed';

export interface TcpConnectionOptions {
  readonly settings: TcpSettings;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** Initial sequence number. */
  readonly initial: number;
  /** The SYN that is accepted; without it the connection is opened from here. */
  readonly syn?: Segment;
  send(segment: Segment): void;
  /** Called once, with both directions open. */
  onOpen(): void;
  /** Called once: nothing is left of it. */
  onClosed(): void;
}

/** The window in a SYN is not scaled. */
const largestUnscaledWindow = 0xffff;

export class TcpConnection implements Connection {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly #options: TcpConnectionOptions;
  readonly #settings: TcpSettings;
  readonly #reads: ReadQueue;
  readonly #writes: WriteQueue;
  #state: TcpState;
  #receiver: Receiver | undefined;
  #sender: Sender | undefined;
  /** Bytes of a full segment, in either direction. */
  #segmentBytes: number;
  #localScale = 0;
  #remoteScale = 0;
  /** The window that came with the peer's SYN. */
  #firstWindow = 0;
  #handshakes = 0;
  #cancelTimer: (() => void) | undefined;
  #cancelAcknowledgement: (() => void) | undefined;
  #cancelWatch: (() => void) | undefined;
  /** When the peer was last heard. */
  #heard = 0;
  #acknowledgementWanted = false;
  #unacknowledged = 0;
  readonly #delivered = Promise.withResolvers<void>();
  readonly #over = Promise.withResolvers<ConnectionError | undefined>();

  constructor(options: TcpConnectionOptions) {
    this.#options = options;
    this.#settings = options.settings;
    this.local = options.local;
    this.remote = options.remote;
    this.#segmentBytes = options.settings.segmentBytes;
    this.#reads = new ReadQueue(() => this.#take());
    this.#writes = new WriteQueue({
      queue: (bytes) => this.#sender?.queue(bytes) ?? 0,
      finish: () => this.#finishSending(),
    });
    this.#delivered.promise.catch(() => undefined);
    this.#state = options.syn === undefined ? 'syn-sent' : 'syn-received';
    if (options.syn !== undefined) this.#learn(options.syn);
  }

  /** Sends the first segment. */
  begin(): void {
    this.#sendHandshake();
  }

  /** Resolves when it is over, with what ended it before its time. */
  get over(): Promise<ConnectionError | undefined> {
    return this.#over.promise;
  }

  get state(): TcpState {
    return this.#state;
  }

  /** What the peer sends next: a SYN beyond it may begin a new connection where this one is in TIME-WAIT. */
  get expected(): number {
    return this.#receiver?.next ?? 0;
  }

  read(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return this.#reads.read();
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#writes.write(bytes);
  }

  end(): Promise<void> {
    this.#writes.end();
    return this.#delivered.promise;
  }

  abort(): void {
    if (this.#state !== 'closed' && this.#state !== 'time-wait') this.#reset();
    this.#close(new ConnectionError('aborted', 'the connection was broken off on this side'));
  }

  /** Ends it in order once its handler has returned: what was written arrives, what still comes is thrown away. */
  release(): void {
    this.end().catch(() => undefined);
    this.#receiver?.discard();
    this.#limitLingering();
  }

  /** ICMP says that the peer cannot be reached. Only an attempt fails by it; what stands may be reached again (RFC 1122, 4.2.3.9). */
  unreachable(fault: 'unreachable' | 'refused'): void {
    if (this.#state !== 'syn-sent') return;
    this.#close(new ConnectionError(fault, `${this.#peer} cannot be reached`));
  }

  get #peer(): string {
    return `${this.remote.address}:${this.remote.port}`;
  }

  /** Takes a segment from the peer. */
  input(segment: Segment): void {
    if (this.#state === 'closed') return;
    this.#heard = this.#settings.clock.now();
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
      this.#sendBare(flag.reset, segment.acknowledgement);
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
    const window = segment.window << this.#remoteScale;
    if (this.#state === 'syn-received') {
      if (segment.acknowledgement !== sequenceOf(this.#options.initial + 1)) {
        this.#sendBare(flag.reset, segment.acknowledgement);
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
    this.#reads.wake();
    // Nobody reads, so that nobody else opens the window.
    if (receiver.updateDue) this.#acknowledgeSoon(0);
  }

  #peerEnded(): void {
    if (this.#state === 'established') this.#state = 'close-wait';
    else if (this.#state === 'fin-wait-1') this.#state = 'closing';
    else if (this.#state === 'fin-wait-2') this.#waitOut();
  }

  #finishSending(): void {
    if (this.#sender === undefined) return;
    if (this.#state === 'established') this.#state = 'fin-wait-1';
    else if (this.#state === 'close-wait') this.#state = 'last-ack';
    else return;
    this.#sender.finish();
  }

  #sent(): void {
    this.#delivered.resolve();
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
    const { bufferBytes, windowScale } = this.#settings;
    this.#segmentBytes = Math.min(this.#settings.segmentBytes, Math.max(syn.maximumSegment ?? 536, 64));
    if (syn.windowScale !== undefined) {
      this.#localScale = windowScale;
      this.#remoteScale = syn.windowScale;
    }
    this.#firstWindow = syn.window;
    this.#receiver = new Receiver({
      start: syn.sequence + 1,
      bufferBytes: syn.windowScale === undefined ? Math.min(bufferBytes, largestUnscaledWindow) : bufferBytes,
      segmentBytes: this.#segmentBytes,
    });
  }

  #open(window: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#state = 'established';
    this.#sender = new Sender(
      {
        clock: this.#settings.clock,
        start: this.#options.initial + 1,
        segmentBytes: this.#segmentBytes,
        bufferBytes: this.#settings.bufferBytes,
        window: Math.max(window, this.#firstWindow),
        patience: this.#settings.patience,
      },
      {
        emit: (position, payload, { push, fin }) => this.#send(position, payload, (push ? flag.push : 0) | (fin ? flag.fin : 0)),
        onRoom: () => this.#writes.wake(),
        onDelivered: () => this.#sent(),
        onSilence: () => this.#silent(),
      },
    );
    this.#watch();
    this.#options.onOpen();
    this.#writes.wake();
  }

  /** Asks a peer that says nothing for long whether it still knows of the connection: its reset may have been lost. */
  #watch(): void {
    const { clock, keepAlive, patience } = this.#settings;
    this.#cancelWatch = clock.after(keepAlive, () => {
      const silence = clock.now() - this.#heard;
      if (silence >= keepAlive + patience) {
        this.#silent();
        return;
      }
      if (silence >= keepAlive) this.#send((this.#sender?.next ?? 0) - 1, new Uint8Array(0), 0);
      this.#watch();
    });
  }

  #silent(): void {
    this.#close(new ConnectionError('timeout', `${this.#peer} has not answered for ${this.#settings.patience / 1000} s`));
  }

  #sendHandshake(): void {
    const { receiver, settings } = { receiver: this.#receiver, settings: this.#settings };
    const scaled = receiver === undefined || this.#localScale > 0;
    this.#options.send({
      sourcePort: this.local.port,
      destinationPort: this.remote.port,
      sequence: this.#options.initial,
      acknowledgement: receiver === undefined ? 0 : sequenceOf(receiver.next),
      flags: flag.syn | (receiver === undefined ? 0 : flag.acknowledge),
      window: Math.min(settings.bufferBytes, largestUnscaledWindow),
      payload: new Uint8Array(0),
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

  #take(): Uint8Array<ArrayBuffer> | 'end' | undefined {
    const receiver = this.#receiver;
    const bytes = receiver?.take();
    if (bytes !== undefined) {
      if (receiver?.updateDue === true && !receiver.ended) this.#acknowledgeSoon(0);
      return bytes;
    }
    return receiver?.ended === true ? 'end' : undefined;
  }

  /** Acknowledges what comes in one burst together; a single small segment after a moment. */
  #acknowledgeSoon(bytes: number): void {
    this.#unacknowledged += bytes;
    if (this.#acknowledgementWanted) return;
    this.#acknowledgementWanted = true;
    this.#settings.clock.soon(() => {
      this.#acknowledgementWanted = false;
      if (this.#state === 'closed') return;
      if (this.#unacknowledged >= 2 * this.#segmentBytes || this.#receiver?.updateDue === true) this.#acknowledgeNow();
      else if (this.#unacknowledged > 0) this.#cancelAcknowledgement ??= this.#settings.clock.after(this.#settings.acknowledgementDelay, () => this.#acknowledgeNow());
    });
  }

  #acknowledgeNow(): void {
    if (this.#state === 'closed') return;
    this.#send(this.#sender?.next ?? this.#options.initial + 1, new Uint8Array(0), 0);
  }

  #send(position: number, payload: Uint8Array, flags: number): void {
    const receiver = this.#receiver;
    if (receiver === undefined) return;
    receiver.open();
    this.#unacknowledged = 0;
    this.#cancelAcknowledgement?.();
    this.#cancelAcknowledgement = undefined;
    this.#options.send({
      sourcePort: this.local.port,
      destinationPort: this.remote.port,
      sequence: sequenceOf(position),
      acknowledgement: sequenceOf(receiver.next),
      flags: flags | flag.acknowledge,
      window: Math.min(receiver.window >>> this.#localScale, largestUnscaledWindow),
      payload,
    });
  }

  #reset(): void {
    if (this.#receiver === undefined) return;
    this.#send(this.#sender?.next ?? this.#options.initial + 1, new Uint8Array(0), flag.reset);
  }

  #sendBare(flags: number, sequence: number): void {
    const { local, remote } = this;
    this.#options.send({ sourcePort: local.port, destinationPort: remote.port, sequence, acknowledgement: 0, flags, window: 0, payload: new Uint8Array(0) });
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
    this.#cancelAcknowledgement?.();
    this.#cancelWatch?.();
    this.#sender?.close();
    const broken = error ?? new ConnectionError('aborted', 'the connection is over');
    this.#reads.close(broken);
    this.#writes.close(broken);
    this.#delivered.reject(broken);
    this.#over.resolve(error);
    this.#options.onClosed();
  }
}
