/** Frames of the link: `u32 payload length | u16 channel | u8 type | u8 zero | payload` (vm-images/agent/PROTOCOL.md). */
import { DrydockError } from '../shared/errors.ts';

export const protocolVersion = 1;
export const headerBytes = 8;
export const maximumPayload = 16_384;
export const controlChannel = 0;
export const lastChannel = 255;
/** What each side may send on a channel before the other grants more. */
export const initialWindow = 65_536;

export const FrameType = {
  HELLO: 0x01,
  OPEN: 0x02,
  DATA: 0x03,
  EOF: 0x04,
  WINDOW: 0x05,
  CLOSE: 0x06,
  RESIZE: 0x07,
  SIGNAL: 0x08,
  CLOCK: 0x09,
  ENTROPY: 0x0a,
  HELLO_ACK: 0x81,
  OPENED: 0x82,
  GUEST_DATA: 0x83,
  ERRDATA: 0x84,
  GUEST_EOF: 0x85,
  GUEST_WINDOW: 0x86,
  EXIT: 0x87,
  FAILED: 0x88,
  LINK_ACK: 0x89,
} as const;

export const OpenKind = { EXEC: 1, CONNECT: 2, READ: 3, WRITE: 4, LIST: 5, WATCH: 6 } as const;

export interface Frame {
  channel: number;
  type: number;
  /** The receiver's own copy. */
  payload: Uint8Array;
}

const noPayload = new Uint8Array(0);

/** One frame as bytes. A payload above 16,384 bytes raises a RangeError. */
export function encodeFrame(channel: number, type: number, payload: Uint8Array = noPayload): Uint8Array<ArrayBuffer> {
  if (payload.length > maximumPayload) throw new RangeError(`a payload of ${payload.length} bytes does not fit in a frame`);
  const bytes = new Uint8Array(headerBytes + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, payload.length, true);
  view.setUint16(4, channel, true);
  view.setUint8(6, type);
  bytes.set(payload, headerBytes);
  return bytes;
}

/** Puts frames together from pieces of any size. */
export class FrameParser {
  readonly #onFrame: (frame: Frame) => void;
  readonly #header = new Uint8Array(headerBytes);
  #headerLength = 0;
  #payload: Uint8Array = noPayload;
  #payloadLength = 0;

  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame;
  }

  /** Raises DD2001 on a header that the protocol forbids; the parser is of no use afterwards. */
  push(bytes: Uint8Array): void {
    let offset = 0;
    while (offset < bytes.length) {
      if (this.#headerLength < headerBytes) {
        const taken = Math.min(headerBytes - this.#headerLength, bytes.length - offset);
        this.#header.set(bytes.subarray(offset, offset + taken), this.#headerLength);
        this.#headerLength += taken;
        offset += taken;
        if (this.#headerLength < headerBytes) return;
        this.#startPayload();
      } else {
        const taken = Math.min(this.#payload.length - this.#payloadLength, bytes.length - offset);
        this.#payload.set(bytes.subarray(offset, offset + taken), this.#payloadLength);
        this.#payloadLength += taken;
        offset += taken;
      }
      if (this.#payloadLength === this.#payload.length) this.#finish();
    }
  }

  #startPayload(): void {
    const length = new DataView(this.#header.buffer).getUint32(0, true);
    if (length > maximumPayload) throw new DrydockError('link-protocol-error', { detail: `a frame claims ${length} bytes` });
    if (this.#header[7] !== 0) throw new DrydockError('link-protocol-error', { detail: 'the reserved byte of a frame is not zero' });
    this.#payload = length === 0 ? noPayload : new Uint8Array(length);
    this.#payloadLength = 0;
  }

  #finish(): void {
    const view = new DataView(this.#header.buffer);
    const frame: Frame = { channel: view.getUint16(4, true), type: view.getUint8(6), payload: this.#payload };
    this.#headerLength = 0;
    this.#payload = noPayload;
    this.#payloadLength = 0;
    this.#onFrame(frame);
  }
}
