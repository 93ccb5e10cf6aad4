/** The answer of a host of ours: what a handler returns, and how it is sent. */
import { concatBytes, encodeUtf8 } from '../../shared/bytes.ts';
import { HttpHeaders, type HeaderInit } from '../../shared/http/headers.ts';
import type { Connection } from '../connection.ts';
import { reasonPhrase } from './status.ts';

export interface HttpResponse {
  readonly status: number;
  readonly headers?: HeaderInit;
  /** Whole, or as a stream, which is opened when its first piece is wanted: not at all for HEAD. */
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  /** Bytes of a streamed body. One without is sent in chunks. */
  readonly length?: number;
}

export interface SendOptions {
  readonly method: string;
  readonly minorVersion: number;
  /** Whether the connection ends behind it. */
  readonly close: boolean;
  /** Called with the number of body bytes of each piece before it is handed to the connection. */
  readonly onBody: (bytes: number) => void;
}

/**
 * Sends it at the client's pace; returns whether the connection can carry another one. Rejects as the connection and the
 * body do; then an unknown part was sent, and only a broken connection can tell the client.
 */
export async function sendResponse(connection: Connection, response: HttpResponse, options: SendOptions): Promise<boolean> {
  const { method, minorVersion, onBody } = options;
  const headers = new HttpHeaders(response.headers);
  const body = typeof response.body === 'string' ? encodeUtf8(response.body) : (response.body ?? new Uint8Array(0));
  const length = body instanceof Uint8Array ? body.length : response.length;
  const bodiless = response.status === 204 || response.status === 304 || response.status < 200;
  const chunked = length === undefined && minorVersion === 1 && !bodiless;
  const close = options.close || (length === undefined && !chunked && !bodiless);
  if (!headers.has('date')) headers.set('Date', new Date().toUTCString());
  if (chunked) headers.set('Transfer-Encoding', 'chunked');
  else if (length !== undefined && !bodiless) headers.set('Content-Length', String(length));
  if (close) headers.set('Connection', 'close');
  const head = encodeUtf8(`HTTP/1.1 ${response.status} ${reasonPhrase(response.status)}\r\n${headers.toString()}\r\n`);
  if (method === 'HEAD' || bodiless) {
    await connection.write(head);
  } else if (body instanceof Uint8Array) {
    onBody(body.length);
    await connection.write(concatBytes([head, body]));
  } else {
    await connection.write(head);
    if (chunked) await sendChunks(connection, body, onBody);
    else await sendPieces(connection, body, length, onBody);
  }
  return !close;
}

async function sendPieces(connection: Connection, body: AsyncIterable<Uint8Array>, length: number | undefined, onBody: (bytes: number) => void): Promise<void> {
  let sent = 0;
  for await (const piece of body) {
    sent += piece.length;
    if (length !== undefined && sent > length) throw new Error(`the body is longer than the ${length} bytes that were announced`);
    onBody(piece.length);
    await connection.write(piece);
  }
  if (length !== undefined && sent < length) throw new Error(`the body ended after ${sent} of ${length} bytes`);
}

async function sendChunks(connection: Connection, body: AsyncIterable<Uint8Array>, onBody: (bytes: number) => void): Promise<void> {
  for await (const piece of body) {
    // A chunk of no bytes would be the end.
    if (piece.length === 0) continue;
    onBody(piece.length);
    await connection.write(concatBytes([encodeUtf8(`${piece.length.toString(16)}\r\n`), piece, encodeUtf8('\r\n')]));
  }
  await connection.write(encodeUtf8('0\r\n\r\n'));
}
