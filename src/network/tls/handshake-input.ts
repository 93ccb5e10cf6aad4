/** Handshake messages out of records: one may span several, and several may share one. */
import { concatBytes } from '../../shared/bytes.ts';
import { TlsError } from './alert.ts';

export interface HandshakeMessage {
  readonly type: number;
  readonly body: Uint8Array;
  /** With its header, for the transcript. */
  readonly bytes: Uint8Array;
}

const headerBytes = 4;
/** Larger than any ClientHello with every key share there is. */
const maximumBytes = 65_536;

export class HandshakeInput {
  #buffer: Uint8Array = new Uint8Array(0);

  /** Whether a message has begun and not ended. */
  get partial(): boolean {
    return this.#buffer.length > 0;
  }

  push(bytes: Uint8Array): void {
    this.#buffer = concatBytes([this.#buffer, bytes]);
  }

  /** The next message if it is complete. */
  next(): HandshakeMessage | undefined {
    const buffer = this.#buffer;
    if (buffer.length < headerBytes) return undefined;
    const length = ((buffer[1] ?? 0) << 16) | ((buffer[2] ?? 0) << 8) | (buffer[3] ?? 0);
    if (length > maximumBytes) throw new TlsError('decodeError', `a handshake message of ${length} bytes`);
    const end = headerBytes + length;
    if (buffer.length < end) return undefined;
    this.#buffer = buffer.subarray(end);
    return { type: buffer[0] ?? 0, body: buffer.subarray(headerBytes, end), bytes: buffer.subarray(0, end) };
  }
}
