/** The guest's end of one channel, with its own account of both windows. */
import { ByteReader, ByteWriter, encodeUtf8 } from '../bytes.ts';
import { type Frame, FrameType, initialWindow, maximumPayload } from '../frames.ts';

export interface FakeTransport {
  send(channel: number, type: number, payload?: Uint8Array): void;
  /** A breach of the protocol by the host. */
  violation(text: string): void;
  /** The last frame of the channel was sent. */
  finished(channel: number): void;
}

export class FakeChannel {
  readonly number: number;
  /** Aborted by CLOSE, HELLO or the end of the link. */
  readonly closed = new AbortController();
  /** The last RESIZE. */
  size: { columns: number; rows: number };
  /** Numbers of the signals received. */
  readonly signals: number[] = [];
  readonly #transport: FakeTransport;
  readonly #input: Uint8Array[] = [];
  #inputEnded = false;
  #reader: PromiseWithResolvers<void> | undefined;
  #hostMaySend = initialWindow;
  #consumed = 0;
  #maySend = initialWindow;
  #room: PromiseWithResolvers<void> | undefined;
  #done = false;

  constructor(number: number, transport: FakeTransport, size = { columns: 0, rows: 0 }) {
    this.number = number;
    this.#transport = transport;
    this.size = size;
  }

  opened(pid: number): void {
    this.#send(FrameType.OPENED, new ByteWriter().u32(pid).finish());
  }

  failed(errno: number, message: string): void {
    this.#last(FrameType.FAILED, new ByteWriter().i32(errno).string(message).finish());
  }

  exit(code: number): void {
    this.#last(FrameType.EXIT, new ByteWriter().i32(code).finish());
  }

  eof(): void {
    this.#send(FrameType.GUEST_EOF);
  }

  /** The host's bytes, or null after its EOF or when the channel is closed. */
  async read(): Promise<Uint8Array | null> {
    while (this.#input.length === 0) {
      if (this.#inputEnded || this.closed.signal.aborted) return null;
      this.#reader ??= Promise.withResolvers();
      await this.#reader.promise;
    }
    const bytes = this.#input.shift() ?? new Uint8Array(0);
    this.#consumed += bytes.length;
    if (this.#consumed >= initialWindow / 2) {
      this.#hostMaySend += this.#consumed;
      this.#send(FrameType.GUEST_WINDOW, new ByteWriter().u32(this.#consumed).finish());
      this.#consumed = 0;
    }
    return bytes;
  }

  /** Resolves when the window had room; drops the rest once the channel is closed. */
  async write(data: string | Uint8Array, type: number = FrameType.GUEST_DATA): Promise<void> {
    let bytes = typeof data === 'string' ? encodeUtf8(data) : data;
    while (bytes.length > 0 && !this.#done && !this.closed.signal.aborted) {
      if (this.#maySend === 0) {
        this.#room ??= Promise.withResolvers();
        await this.#room.promise;
        continue;
      }
      const length = Math.min(bytes.length, this.#maySend, maximumPayload);
      this.#maySend -= length;
      this.#send(type, bytes.subarray(0, length));
      bytes = bytes.subarray(length);
    }
  }

  receive(frame: Frame): void {
    const reader = new ByteReader(frame.payload);
    switch (frame.type) {
      case FrameType.DATA:
        if (frame.payload.length > this.#hostMaySend) this.#transport.violation(`host overran the window of channel ${this.number}`);
        if (this.#inputEnded) this.#transport.violation(`data after EOF on channel ${this.number}`);
        this.#hostMaySend -= frame.payload.length;
        this.#input.push(frame.payload);
        this.#wakeReader();
        return;
      case FrameType.EOF:
        this.#inputEnded = true;
        this.#wakeReader();
        return;
      case FrameType.WINDOW:
        this.#maySend += reader.u32();
        if (this.#maySend > initialWindow) this.#transport.violation(`host granted more than it consumed on channel ${this.number}`);
        this.#wakeWriter();
        return;
      case FrameType.CLOSE:
        this.#hangUp();
        this.exit(0);
        return;
      case FrameType.RESIZE:
        this.size = { columns: reader.u16(), rows: reader.u16() };
        return;
      case FrameType.SIGNAL:
        this.signals.push(reader.u8());
        return;
      default:
        this.#transport.violation(`frame type ${frame.type} on channel ${this.number}`);
    }
  }

  /** Ends without a further frame. */
  abandon(): void {
    this.#done = true;
    this.#hangUp();
  }

  #hangUp(): void {
    this.closed.abort();
    this.#wakeReader();
    this.#wakeWriter();
  }

  #wakeReader(): void {
    this.#reader?.resolve();
    this.#reader = undefined;
  }

  #wakeWriter(): void {
    this.#room?.resolve();
    this.#room = undefined;
  }

  #send(type: number, payload?: Uint8Array): void {
    if (!this.#done) this.#transport.send(this.number, type, payload);
  }

  #last(type: number, payload: Uint8Array): void {
    if (this.#done) return;
    this.#send(type, payload);
    this.#done = true;
    this.#transport.finished(this.number);
  }
}
