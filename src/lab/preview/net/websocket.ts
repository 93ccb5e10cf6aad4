/** A WebSocket of a previewed page: the opening handshake, messages and the closing one, on a connection into the machine. */
import { sha1 } from '@noble/hashes/legacy.js';
import { HttpClientConnection } from '../../../network/http/client.ts';
import type { Connection } from '../../../network/connection.ts';
import { encodeUtf8 } from '../../../shared/bytes.ts';
import type { HeaderList } from './fetcher.ts';
import { encodeFrame, type Frame, FrameReader, opcode, WebSocketFault } from './websocket-frames.ts';

export interface SocketClosed {
  readonly code: number;
  readonly reason: string;
  /** Whether both sides said goodbye. */
  readonly clean: boolean;
}

export interface SocketListener {
  message(data: string | Uint8Array<ArrayBuffer>): void;
  /** Called once, last. */
  closed(how: SocketClosed): void;
}

/** A page that gets more at once than this has other troubles. */
const maximumMessage = 64 << 20;
/** How long the peer has for its own close frame. */
const closeMilliseconds = 5000;

export interface SocketRequest {
  readonly url: URL;
  /** Origin of the page. */
  readonly origin: string;
  readonly protocols: readonly string[];
  readonly headers: HeaderList;
}

export class MachineSocket {
  /** What the server chose, or empty. */
  readonly protocol: string;
  readonly #connection: Connection;
  readonly #listener: SocketListener;
  readonly #frames = new FrameReader(maximumMessage);
  #pieces: Uint8Array[] = [];
  #pieceBytes = 0;
  #kind = 0;
  #sending: Promise<void> = Promise.resolve();
  #closing: SocketClosed | undefined;
  #closeSent = false;
  #over = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  private constructor(connection: Connection, protocol: string, listener: SocketListener) {
    this.#connection = connection;
    this.protocol = protocol;
    this.#listener = listener;
  }

  /** Does the handshake. Rejects with what is wrong; then nothing stays open. */
  static async open(connection: Connection, request: SocketRequest, listener: SocketListener, signal: AbortSignal): Promise<MachineSocket> {
    const http = new HttpClientConnection(connection);
    const key = base64(crypto.getRandomValues(new Uint8Array(16)));
    const response = await http.request(
      {
        method: 'GET',
        target: `${request.url.pathname}${request.url.search}`,
        headers: [
          ['Host', request.url.host], ['Connection', 'Upgrade'], ['Upgrade', 'websocket'], ['Origin', request.origin],
          ['Sec-WebSocket-Version', '13'], ['Sec-WebSocket-Key', key],
          ...(request.protocols.length === 0 ? [] : [['Sec-WebSocket-Protocol', request.protocols.join(', ')] as const]),
          ...request.headers,
        ],
      },
      signal,
    );
    const { upgraded, headers } = response;
    const protocol = headers.get('sec-websocket-protocol') ?? '';
    const fit =
      headers.list('upgrade').includes('websocket') && headers.get('sec-websocket-accept') === acceptFor(key) &&
      !headers.has('sec-websocket-extensions') && (protocol === '' || request.protocols.includes(protocol));
    if (upgraded === undefined || !fit) {
      connection.abort();
      throw new WebSocketFault(1006, upgraded === undefined ? `the server answered with status ${response.status}` : 'the server answered the handshake wrongly');
    }
    const socket = new MachineSocket(upgraded, protocol, listener);
    void socket.#receive();
    return socket;
  }

  /** Resolves when there is room for more. */
  send(data: string | Uint8Array): Promise<void> {
    if (this.#closing !== undefined || this.#closeSent) return Promise.resolve();
    return typeof data === 'string' ? this.#write(opcode.text, encodeUtf8(data)) : this.#write(opcode.binary, data);
  }

  /** Says goodbye; `closed` follows. */
  close(code = 1005, reason = ''): void {
    if (this.#closeSent || this.#over) return;
    this.#sayGoodbye(code, reason);
    this.#timer = setTimeout(() => this.#finish({ code: 1006, reason: '', clean: false }), closeMilliseconds);
  }

  /** Breaks off without a word, for a page that is gone. */
  abort(): void {
    this.#finish({ code: 1006, reason: '', clean: false });
  }

  async #receive(): Promise<void> {
    try {
      for (let bytes = await this.#connection.read(); bytes !== undefined && !this.#over; bytes = await this.#connection.read()) {
        for (const frame of this.#frames.push(bytes)) this.#take(frame);
      }
      this.#finish(this.#closing ?? { code: 1006, reason: '', clean: false });
    } catch (error) {
      if (error instanceof WebSocketFault) this.#sayGoodbye(error.code, error.message);
      this.#finish(this.#closing ?? { code: error instanceof WebSocketFault ? error.code : 1006, reason: '', clean: false });
    }
  }

  #take({ final, opcode: kind, payload }: Frame): void {
    if (this.#closing !== undefined) return;
    switch (kind) {
      case opcode.ping:
        void this.#write(opcode.pong, payload);
        return;
      case opcode.pong:
        return;
      case opcode.close:
        this.#closing = goodbye(payload);
        this.#sayGoodbye(this.#closing.code, '');
        // The server closes the connection; one that does not is not waited for.
        void this.#sending.then(() => this.#connection.end()).catch(() => undefined).then(() => this.#finish(this.#closing ?? goodbye(payload)));
        return;
      case opcode.text:
      case opcode.binary:
        if (this.#pieces.length > 0) throw new WebSocketFault(1002, 'a message begins within another');
        this.#kind = kind;
        break;
      case opcode.continuation:
        if (this.#kind === 0) throw new WebSocketFault(1002, 'a message goes on that did not begin');
        break;
      default:
        throw new WebSocketFault(1002, 'a frame is of an unknown kind');
    }
    this.#pieces.push(payload);
    this.#pieceBytes += payload.length;
    if (this.#pieceBytes > maximumMessage) throw new WebSocketFault(1009, 'a message is too large');
    if (!final) return;
    const message = new Uint8Array(this.#pieceBytes);
    let offset = 0;
    for (const piece of this.#pieces) {
      message.set(piece, offset);
      offset += piece.length;
    }
    const text = this.#kind === opcode.text;
    this.#pieces = [];
    this.#pieceBytes = 0;
    this.#kind = 0;
    this.#listener.message(text ? strictUtf8(message) : message);
  }

  #sayGoodbye(code: number, reason: string): void {
    if (this.#closeSent) return;
    const text = encodeUtf8(reason).subarray(0, 123);
    const payload = new Uint8Array(code === 1005 || code === 1006 ? 0 : 2 + text.length);
    if (payload.length > 0) {
      new DataView(payload.buffer).setUint16(0, code);
      payload.set(text, 2);
    }
    void this.#write(opcode.close, payload);
    this.#closeSent = true;
  }

  #write(kind: number, payload: Uint8Array): Promise<void> {
    const frame = encodeFrame(kind, payload, crypto.getRandomValues(new Uint8Array(4)));
    // A connection that breaks shows at the reading side.
    this.#sending = this.#sending.then(() => (this.#over ? undefined : this.#connection.write(frame))).catch(() => undefined);
    return this.#sending;
  }

  #finish(how: SocketClosed): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#connection.abort();
    this.#listener.closed(how);
  }
}

function goodbye(payload: Uint8Array): SocketClosed {
  if (payload.length < 2) return { code: 1005, reason: '', clean: true };
  const code = new DataView(payload.buffer, payload.byteOffset).getUint16(0);
  return { code, reason: new TextDecoder().decode(payload.subarray(2)), clean: true };
}

function strictUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new WebSocketFault(1007, 'a text is not UTF-8');
  }
}

/** RFC 6455, 4.2.2. By a library: crypto.subtle does not exist on plain http. */
export function acceptFor(key: string): string {
  return base64(sha1(encodeUtf8(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)));
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
