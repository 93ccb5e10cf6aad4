/** Frames of the WebSocket protocol (RFC 6455, 5) as a client writes and reads them. */

export const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface Frame {
  readonly final: boolean;
  readonly opcode: number;
  readonly payload: Uint8Array;
}

/** A peer that breaks the protocol; `code` goes into the close frame. */
export class WebSocketFault extends Error {
  override readonly name = 'WebSocketFault';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** A whole message or control frame. Clients mask, so that no proxy takes what is sent for something else. */
export function encodeFrame(kind: number, payload: Uint8Array, mask: Uint8Array): Uint8Array {
  const { length } = payload;
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const frame = new Uint8Array(2 + extended + 4 + length);
  const view = new DataView(frame.buffer);
  frame[0] = 0x80 | kind;
  frame[1] = 0x80 | (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) view.setUint16(2, length);
  else if (extended === 8) view.setBigUint64(2, BigInt(length));
  frame.set(mask, 2 + extended);
  const start = 6 + extended;
  for (let index = 0; index < length; index++) frame[start + index] = (payload[index] ?? 0) ^ (mask[index & 3] ?? 0);
  return frame;
}

/** Cuts a stream of bytes into frames. */
export class FrameReader {
  readonly #maximum: number;
  #buffer: Uint8Array = new Uint8Array(0);

  /** @param maximum bytes of a frame's payload */
  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** The frames that are complete with these bytes. Raises WebSocketFault. */
  push(bytes: Uint8Array): Frame[] {
    const joined = new Uint8Array(this.#buffer.length + bytes.length);
    joined.set(this.#buffer);
    joined.set(bytes, this.#buffer.length);
    this.#buffer = joined;
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): Frame | undefined {
    const buffer = this.#buffer;
    const [first = 0, second = 0] = buffer;
    if (buffer.length < 2) return undefined;
    if ((first & 0x70) !== 0) throw new WebSocketFault(1002, 'a frame has reserved bits');
    if ((second & 0x80) !== 0) throw new WebSocketFault(1002, 'the server masked a frame');
    const short = second & 0x7f;
    const extended = short < 126 ? 0 : short === 126 ? 2 : 8;
    const control = (first & 0x08) !== 0;
    if (control && (short > 125 || (first & 0x80) === 0)) throw new WebSocketFault(1002, 'a control frame is too long or in pieces');
    if (buffer.length < 2 + extended) return undefined;
    const view = new DataView(buffer.buffer, buffer.byteOffset);
    const length = extended === 0 ? short : extended === 2 ? view.getUint16(2) : Number(view.getBigUint64(2));
    if (length > this.#maximum) throw new WebSocketFault(1009, 'a message is too large');
    const end = 2 + extended + length;
    if (buffer.length < end) return undefined;
    this.#buffer = buffer.subarray(end);
    return { final: (first & 0x80) !== 0, opcode: first & 0x0f, payload: buffer.slice(2 + extended, end) };
  }
}
