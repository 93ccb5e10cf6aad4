/** A scripted HTTP server behind a Unix socket of the fake agent. */
import { concatBytes, decodeUtf8, encodeUtf8 } from '../bytes.ts';
import type { FakeChannel } from './fake-channel.ts';

export interface FakeRequest {
  method: string;
  /** With query. */
  path: string;
  body: string;
}

export interface FakeAnswer {
  status?: number;
  headers?: Record<string, string>;
  /** Sent with a Content-Length. */
  body?: string | Uint8Array;
  /** Sent in chunks, each as it comes. */
  chunks?: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;
  /** Sent without a length; the connection ends behind it. */
  untilClose?: Uint8Array;
  /** Ends the connection without an answer. */
  hangUp?: boolean;
}

export type FakeHandler = (request: FakeRequest, connection: FakeChannel) => FakeAnswer | Promise<FakeAnswer>;

/** A server for `FakeAgentOptions.sockets`. */
export function fakeHttp(handler: FakeHandler): (connection: FakeChannel) => Promise<void> {
  return async (connection) => {
    let buffer: Uint8Array = new Uint8Array(0);
    const more = async () => {
      const bytes = await connection.read();
      if (bytes !== null) buffer = concatBytes([buffer, bytes]);
      return bytes !== null;
    };
    for (;;) {
      let headEnd = decodeUtf8(buffer).indexOf('\r\n\r\n');
      while (headEnd < 0) {
        if (!(await more())) return;
        headEnd = decodeUtf8(buffer).indexOf('\r\n\r\n');
      }
      const head = decodeUtf8(buffer).slice(0, headEnd);
      const [method = '', path = ''] = head.split(' ');
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      buffer = buffer.subarray(headEnd + 4);
      while (buffer.length < length) if (!(await more())) return;
      const body = decodeUtf8(buffer.subarray(0, length));
      buffer = buffer.subarray(length);
      if (!(await answer(connection, await handler({ method, path, body }, connection)))) return;
    }
  };
}

/** Returns whether the connection stays open. */
async function answer(connection: FakeChannel, reply: FakeAnswer): Promise<boolean> {
  if (reply.hangUp === true) return false;
  const headers = Object.entries(reply.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const head = `HTTP/1.1 ${reply.status ?? 200} Whatever\r\n${headers}`;
  if (reply.untilClose !== undefined) {
    await connection.write(`${head}\r\n`);
    await connection.write(reply.untilClose);
    return false;
  }
  if (reply.chunks === undefined) {
    const bytes = typeof reply.body === 'string' ? encodeUtf8(reply.body) : (reply.body ?? new Uint8Array(0));
    await connection.write(concatBytes([encodeUtf8(`${head}Content-Length: ${bytes.length}\r\n\r\n`), bytes]));
    return true;
  }
  await connection.write(`${head}Transfer-Encoding: chunked\r\n\r\n`);
  for await (const chunk of reply.chunks) {
    const bytes = typeof chunk === 'string' ? encodeUtf8(chunk) : chunk;
    await connection.write(concatBytes([encodeUtf8(`${bytes.length.toString(16)}\r\n`), bytes, encodeUtf8('\r\n')]));
  }
  await connection.write('0\r\n\r\n');
  return true;
}
