/**
 * Finds the frames in a stream of link bytes without copying them.
 *
 * The owner of the emulator needs three of them for the pacing (see "Flow control, on the link" in
 * vm-images/agent/PROTOCOL.md) and otherwise passes the bytes on as they are.
 */
import { DrydockError } from '../../../shared/errors.ts';

/** u32 payload length, u16 channel, u8 type, u8 zero. */
const headerBytes = 8;
/** Largest payload the protocol allows. */
const maximumPayloadBytes = 16384;
/** Of the frames looked into, none has more than two u32. */
const keptPayloadBytes = 8;

/** Frame types the pacing looks at. */
export const frameType = { hello: 0x01, helloAck: 0x81, linkAck: 0x89 } as const;

export interface ScannedFrame {
  channel: number;
  type: number;
  /** The first eight bytes of the payload, or fewer. */
  payload: DataView;
  /** Position of the byte after the frame, counted from the first byte of the stream. */
  end: number;
}

export class FrameScanner {
  readonly #onFrame: (frame: ScannedFrame) => void;
  readonly #header = new Uint8Array(headerBytes + keptPayloadBytes);
  /** Bytes of the current frame seen so far. */
  #seen = 0;
  /** Length of the current frame with its header; known once the header is there. */
  #total = headerBytes;
  #position = 0;

  constructor(onFrame: (frame: ScannedFrame) => void) {
    this.#onFrame = onFrame;
  }

  /** Bytes scanned since the start of the stream. */
  get position(): number {
    return this.#position;
  }

  /** Throws `link-protocol-error` if the bytes cannot be frames. */
  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      const size = Math.min(bytes.length - at, (this.#seen < headerBytes ? headerBytes : this.#total) - this.#seen);
      const keep = Math.min(size, this.#header.length - this.#seen);
      if (keep > 0) this.#header.set(bytes.subarray(at, at + keep), this.#seen);
      this.#seen += size;
      at += size;
      this.#position += size;
      if (this.#seen === headerBytes) this.#readHeader();
      if (this.#seen === this.#total) this.#finish();
    }
  }

  #readHeader(): void {
    const view = new DataView(this.#header.buffer);
    const payload = view.getUint32(0, true);
    if (payload > maximumPayloadBytes) {
      throw new DrydockError('link-protocol-error', { detail: `a frame of ${payload} bytes, ${maximumPayloadBytes} are allowed` });
    }
    if (this.#header[7] !== 0) throw new DrydockError('link-protocol-error', { detail: 'the last byte of a header is not zero' });
    this.#total = headerBytes + payload;
  }

  #finish(): void {
    const view = new DataView(this.#header.buffer);
    const kept = Math.min(this.#total - headerBytes, keptPayloadBytes);
    this.#onFrame({
      channel: view.getUint16(4, true),
      type: view.getUint8(6),
      payload: new DataView(this.#header.buffer, headerBytes, kept),
      end: this.#position,
    });
    this.#seen = 0;
    this.#total = headerBytes;
  }
}
