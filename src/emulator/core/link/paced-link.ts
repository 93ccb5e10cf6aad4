/**
 * The guest link over the virtio console, paced so that no byte is lost.
 *
 * v86 drops console input when the guest has no receive buffer free. Two things prevent that: the window of the
 * protocol (at most 16,384 bytes and 14 packets un-acknowledged), and a look at the guest's buffers before each
 * packet. The look alone would do while the machine runs; the window keeps the agent's reading fair and holds where a
 * future v86 hides its queues.
 *
 * What waits here is bounded by the channel windows of the protocol's client: 65,536 bytes a channel.
 */
import type { GuestLink } from '../../../guest/link.ts';
import { DrydockError, toDrydockError } from '../../../shared/errors.ts';
import { HelloSeeker } from '../../../shared/hello-seeker.ts';
import { ByteQueue } from './byte-queue.ts';
import { FrameScanner, frameType, type ScannedFrame } from './frame-scanner.ts';

/** Size of one receive buffer of the guest. */
export const packetBytes = 4096;
/** Bytes that may be un-acknowledged: a quarter of the guest's 16 buffers of 4,096 bytes. */
export const windowBytes = 16384;
/** Packets that may be un-acknowledged, of the guest's 16 buffers; each packet takes one, however short. */
export const windowPackets = 14;
/** How often the guest's buffers are looked at while none is free. */
const recheckMilliseconds = 4;
/** Nonces of so many of the latest greetings are known. */
const keptHellos = 16;

export interface ConsolePort {
  /** Hands one packet to the console. */
  write(packet: Uint8Array<ArrayBuffer>): void;
  /** Whether the guest has a receive buffer free. */
  canWrite(): boolean;
}

export class PacedLink implements GuestLink {
  readonly #port: ConsolePort;
  readonly #waiting = new ByteQueue();
  readonly #outgoing = new FrameScanner((frame) => this.#queued(frame));
  /** A seeker until the agent has answered our HELLO, and again when its frames get out of step. */
  #incoming: FrameScanner | HelloSeeker = new HelloSeeker();
  /** Ends of the frames that wait, as positions in the outgoing stream. */
  readonly #ends: { end: number; hello: boolean }[] = [];
  /** Ends of the packets sent and not acknowledged, likewise. */
  readonly #unacknowledged: number[] = [];
  /** End of the last HELLO with each nonce, likewise. */
  readonly #hellos = new Map<number, number>();
  #sent = 0;
  /** Position up to which whole frames were sent: equal to `#sent` when no frame is cut in two. */
  #boundary = 0;
  #acknowledged = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #receiver: ((bytes: Uint8Array) => void) | undefined;
  #early: Uint8Array[] = [];
  readonly #closeReceivers: ((reason: Error) => void)[] = [];
  #closed: Error | undefined;

  constructor(port: ConsolePort) {
    this.#port = port;
  }

  /** Bytes and packets the guest has not acknowledged, and bytes that wait here. */
  get pressure(): { bytes: number; packets: number; waiting: number } {
    return { bytes: this.#sent - this.#acknowledged, packets: this.#unacknowledged.length, waiting: this.#waiting.length };
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#closed !== undefined) return;
    try {
      this.#outgoing.push(bytes);
    } catch (error) {
      this.close(toDrydockError(error));
      return;
    }
    this.#waiting.push(bytes);
    this.#flush();
  }

  onReceive(receiver: (bytes: Uint8Array) => void): void {
    this.#receiver = receiver;
    const early = this.#early;
    this.#early = [];
    for (const bytes of early) receiver(bytes);
  }

  onClose(receiver: (reason: Error) => void): void {
    if (this.#closed === undefined) this.#closeReceivers.push(receiver);
    else receiver(this.#closed);
  }

  /** Bytes from the guest's console, as the emulator hands them out. */
  receive(bytes: Uint8Array): void {
    if (this.#closed !== undefined) return;
    this.#follow(bytes);
    if (this.#receiver === undefined) this.#early.push(bytes);
    else this.#receiver(bytes);
    this.#flush();
  }

  /** The agent has just started: what was under way to it is lost, and its first frame is no continuation of another one. */
  agentStarted(): void {
    this.#incoming = new HelloSeeker();
  }

  /** The machine is gone or the stream is beyond repair. Tells the receivers once; what waits is dropped. */
  close(reason: Error = new DrydockError('machine-stopped', {})): void {
    if (this.#closed !== undefined) return;
    this.#closed = reason;
    clearTimeout(this.#timer);
    this.#waiting.clear();
    this.#early = [];
    for (const receiver of this.#closeReceivers) receiver(reason);
  }

  /** Looks for acknowledgements. Frames that make no sense are for the protocol's client to complain about. */
  #follow(bytes: Uint8Array): void {
    let rest = bytes;
    if (this.#incoming instanceof HelloSeeker) {
      const found = this.#incoming.push(bytes, (nonce) => this.#hellos.has(nonce));
      if (found === undefined) return;
      this.#greeted(found.nonce);
      this.#incoming = new FrameScanner((frame) => this.#received(frame));
      rest = found.rest;
    }
    try {
      this.#incoming.push(rest);
    } catch {
      this.#incoming = new HelloSeeker();
    }
  }

  #queued(frame: ScannedFrame): void {
    const hello = frame.channel === 0 && frame.type === frameType.hello && frame.payload.byteLength >= 8;
    this.#ends.push({ end: frame.end, hello });
    if (!hello) return;
    this.#hellos.set(frame.payload.getUint32(4, true), frame.end);
    for (const oldest of this.#hellos.keys()) {
      if (this.#hellos.size <= keptHellos) break;
      this.#hellos.delete(oldest);
    }
  }

  #received(frame: ScannedFrame): void {
    if (frame.channel !== 0) return;
    if (frame.type === frameType.linkAck && frame.payload.byteLength >= 4) {
      this.#acknowledge(this.#acknowledged + frame.payload.getUint32(0, true));
    } else if (frame.type === frameType.helloAck && frame.payload.byteLength >= 8) {
      this.#greeted(frame.payload.getUint32(4, true));
    }
  }

  /**
   * Whatever was sent before the HELLO was read, or lost: an agent that has just started drops what it finds. A HELLO
   * that was repeated counts with its last repetition, since any of them may be the one that was not dropped.
   */
  #greeted(nonce: number): void {
    const end = this.#hellos.get(nonce);
    if (end !== undefined) this.#acknowledge(Math.max(end, this.#acknowledged));
  }

  /** An agent woken from a saved state may acknowledge bytes of its former life, hence never more than was sent. */
  #acknowledge(position: number): void {
    this.#acknowledged = Math.min(position, this.#sent);
    while ((this.#unacknowledged[0] ?? Infinity) <= this.#acknowledged) this.#unacknowledged.shift();
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (;;) {
      const size = this.#nextPacket();
      if (size === 0) return;
      if (!this.#port.canWrite()) {
        this.#timer = setTimeout(() => this.#flush(), recheckMilliseconds);
        return;
      }
      const packet = this.#take(size);
      this.#unacknowledged.push(this.#sent);
      this.#port.write(packet);
    }
  }

  /**
   * Size of the packet to send now, or 0. A packet is full or ends with a frame: 14 packets then always hold 4,096
   * bytes or 8 frames, upon which the agent acknowledges.
   */
  #nextPacket(): number {
    const complete = this.#ends.findLast((frame) => frame.end <= this.#sent + packetBytes)?.end ?? this.#sent;
    const size = this.#waiting.length >= packetBytes ? packetBytes : complete - this.#sent;
    const { bytes, packets } = this.pressure;
    return bytes + size <= windowBytes && packets < windowPackets ? size : this.#hurry();
  }

  /**
   * The window is shut. A HELLO that waits goes out nevertheless: it is sent when nobody may be reading any more, and
   * the answer opens the window. Frames before it are dropped, as the agent would end their channels anyway; only one
   * that is cut in two is sent to its end.
   */
  #hurry(): number {
    const index = this.#ends.findLastIndex((frame) => frame.hello);
    const hello = this.#ends[index];
    if (hello === undefined) return 0;
    if (this.#boundary === this.#sent) this.#take((this.#ends[index - 1]?.end ?? this.#sent) - this.#sent);
    return Math.min(packetBytes, (this.#ends[0]?.end ?? this.#sent) - this.#sent);
  }

  #take(size: number): Uint8Array<ArrayBuffer> {
    const bytes = this.#waiting.take(size);
    this.#sent += size;
    while ((this.#ends[0]?.end ?? Infinity) <= this.#sent) this.#boundary = this.#ends.shift()?.end ?? this.#boundary;
    return bytes;
  }
}
