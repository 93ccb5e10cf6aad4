/**
 * One channel of the link: windows both ways, and a definite end.
 *
 * Everything that can be waited for here settles: by the guest's answer, by `close`, or by the failure of the link.
 */
import type { Clock } from '../shared/clock.ts';
import { DrydockError, reasonOf } from '../shared/errors.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { errnoName } from './errno.ts';
import { type Frame, FrameType, initialWindow, maximumPayload } from './frames.ts';

/** Where the bytes on a channel go. */
export interface ChannelReceiver {
  /** Bytes of the guest; each of them must be given back once by `Channel.consumed`. */
  data(bytes: Uint8Array, source: 'out' | 'err'): void;
  /** The guest sends no more. */
  eof?(): void;
}

/** What a channel needs of the connection. */
export interface ChannelHost {
  readonly clock: Clock;
  sendFrame(channel: number, type: number, payload?: Uint8Array): void;
}

interface PendingWrite {
  bytes: Uint8Array;
  offset: number;
  done: PromiseWithResolvers<void>;
}

type State = 'opening' | 'open' | 'closing' | 'ended';

/** The receiver grants again when it has consumed at least half of the window. */
const grantThreshold = initialWindow / 2;
const maximumWindow = 0xffffffff;

export class Channel {
  readonly number: number;
  /** What it is for, in English, for errors. */
  readonly what: string;
  readonly #host: ChannelHost;
  readonly #receiver: ChannelReceiver;
  readonly #opened = Promise.withResolvers<number>();
  readonly #ended = Promise.withResolvers<number>();
  #state: State = 'opening';
  #sendWindow = initialWindow;
  #receiveWindow = initialWindow;
  #consumed = 0;
  readonly #writes: PendingWrite[] = [];
  #input: 'open' | 'ending' | 'ended' = 'open';

  constructor(number: number, what: string, host: ChannelHost, receiver: ChannelReceiver) {
    this.number = number;
    this.what = what;
    this.#host = host;
    this.#receiver = receiver;
    // Not every user looks at both promises; a rejection that nobody awaits must not become an unhandled one.
    this.#opened.promise.catch(() => {});
    this.#ended.promise.catch(() => {});
  }

  /** Times waits for the guest. */
  get clock(): Clock {
    return this.#host.clock;
  }

  /** Settles with the process id (0: none) once the guest accepted, or rejects (DD2004, DD2012). */
  get opened(): Promise<number> {
    return this.#opened.promise;
  }

  /** Settles with the value of EXIT; rejects when the channel was refused, closed from here, or lost with the link. */
  get ended(): Promise<number> {
    return this.#ended.promise;
  }

  /** Resolves when the window had room for all of it, in the order of the calls. Rejects when the channel ends before. */
  write(bytes: Uint8Array): Promise<void> {
    if (this.#state === 'closing' || this.#state === 'ended' || this.#input !== 'open') {
      return Promise.reject(new DrydockError('channel-closed', { what: this.what }));
    }
    if (bytes.length === 0) return Promise.resolve();
    const done = Promise.withResolvers<void>();
    this.#writes.push({ bytes, offset: 0, done });
    this.#pump();
    return done.promise;
  }

  /** No more bytes from here; sent behind what waits. */
  end(): void {
    if (this.#input !== 'open') return;
    this.#input = 'ending';
    this.#pump();
  }

  /** Gives the guest room again for bytes that the receiver has dealt with. */
  consumed(bytes: number): void {
    this.#consumed += bytes;
    if (this.#consumed < grantThreshold || (this.#state !== 'open' && this.#state !== 'opening')) return;
    const grant = this.#consumed;
    this.#consumed = 0;
    this.#receiveWindow += grant;
    this.#host.sendFrame(this.number, FrameType.WINDOW, new ByteWriter().u32(grant).finish());
  }

  resize(columns: number, rows: number): void {
    if (this.#state === 'open') this.#host.sendFrame(this.number, FrameType.RESIZE, new ByteWriter().u16(columns).u16(rows).finish());
  }

  signal(number: number): void {
    if (this.#state === 'open') this.#host.sendFrame(this.number, FrameType.SIGNAL, new ByteWriter().u8(number).finish());
  }

  /** Abandons the channel: what waits rejects with `reason` at once; the number is free again after the guest's EXIT. */
  close(reason: DrydockError = new DrydockError('channel-closed', { what: this.what })): void {
    if (this.#state === 'closing' || this.#state === 'ended') return;
    this.#state = 'closing';
    this.#host.sendFrame(this.number, FrameType.CLOSE);
    this.#reject(reason);
  }

  /** For the connection: a frame for this channel. Returns true when it was the last one. Raises DD2001 on a breach. */
  receive(frame: Frame): boolean {
    const reader = new ByteReader(frame.payload);
    switch (frame.type) {
      case FrameType.OPENED: {
        const pid = reader.u32();
        reader.end();
        if (this.#state === 'opening') {
          this.#state = 'open';
          this.#opened.resolve(pid);
          this.#pump();
        } else if (this.#state !== 'closing') {
          throw this.#breach('opened twice');
        }
        return false;
      }
      case FrameType.GUEST_DATA:
      case FrameType.ERRDATA:
        this.#receiveData(frame);
        return false;
      case FrameType.GUEST_EOF:
        if (this.#state === 'open') this.#receiver.eof?.();
        return false;
      case FrameType.GUEST_WINDOW: {
        const grant = reader.u32();
        reader.end();
        if (this.#sendWindow + grant > maximumWindow) throw this.#breach('grants more than 2^32 bytes');
        this.#sendWindow += grant;
        this.#pump();
        return false;
      }
      case FrameType.EXIT: {
        const code = reader.i32();
        reader.end();
        if (this.#state === 'opening') throw this.#breach('ended before it was opened');
        this.#state = 'ended';
        this.#ended.resolve(code);
        this.#rejectWrites(new DrydockError('channel-closed', { what: this.what }));
        return true;
      }
      case FrameType.FAILED: {
        const errno = reader.i32();
        const message = reader.string();
        reader.end();
        if (this.#state === 'open') throw this.#breach('refused after it was opened');
        this.#state = 'ended';
        this.#reject(new DrydockError('channel-refused', { what: this.what, errno: errnoName(errno), message }));
        return true;
      }
      default:
        throw this.#breach(`frame type ${frame.type} on a channel`);
    }
  }

  /** For the connection: the link is gone. */
  lose(reason: unknown): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#reject(new DrydockError('link-closed', { what: this.what, reason: reasonOf(reason) }, { cause: reason }));
  }

  #receiveData(frame: Frame): void {
    if (this.#state === 'opening') throw this.#breach('data before it was opened');
    if (frame.payload.length > this.#receiveWindow) throw this.#breach('more data than the window allows');
    this.#receiveWindow -= frame.payload.length;
    if (this.#state === 'open' && frame.payload.length > 0) {
      this.#receiver.data(frame.payload, frame.type === FrameType.ERRDATA ? 'err' : 'out');
    }
  }

  #pump(): void {
    if (this.#state !== 'open') return;
    for (let write = this.#writes[0]; write !== undefined && this.#sendWindow > 0; write = this.#writes[0]) {
      const length = Math.min(maximumPayload, this.#sendWindow, write.bytes.length - write.offset);
      this.#host.sendFrame(this.number, FrameType.DATA, write.bytes.subarray(write.offset, write.offset + length));
      write.offset += length;
      this.#sendWindow -= length;
      if (write.offset < write.bytes.length) continue;
      this.#writes.shift();
      write.done.resolve();
    }
    if (this.#input === 'ending' && this.#writes.length === 0) {
      this.#input = 'ended';
      this.#host.sendFrame(this.number, FrameType.EOF);
    }
  }

  #reject(reason: DrydockError): void {
    this.#rejectWrites(reason);
    this.#opened.reject(reason);
    this.#ended.reject(reason);
  }

  #rejectWrites(reason: DrydockError): void {
    for (const write of this.#writes.splice(0)) write.done.reject(reason);
  }

  #breach(detail: string): DrydockError {
    return new DrydockError('link-protocol-error', { detail: `channel ${this.number} (${this.what}): ${detail}` });
  }
}
