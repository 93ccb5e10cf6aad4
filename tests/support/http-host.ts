/** A web server of a few lines for hosts of a test: one answer a connection. */
import type { Connection, ConnectionHandler } from '../../src/network/connection.ts';

const headEnd = '\r\n\r\n';

/** Answers GET with the body, and everything else with what was sent to it. */
export function httpHost(body: Uint8Array): ConnectionHandler {
  return async (connection) => {
    const { head, rest } = await readHead(connection);
    if (head.startsWith('GET ')) {
      await answer(connection, body.length);
      await connection.write(body);
      return;
    }
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
    if (/^expect: 100-continue/im.test(head)) await connection.write(ascii(`HTTP/1.1 100 Continue${headEnd}`));
    await answer(connection, length);
    let left = length;
    // What is sent back at once fills both directions at the same time.
    for (let bytes: Uint8Array | undefined = rest; bytes !== undefined && left > 0; bytes = left > 0 ? await connection.read() : undefined) {
      await connection.write(bytes);
      left -= bytes.length;
    }
  };
}

/** Sends a request without a body and returns the whole answer as text. */
export async function httpGet(connection: Connection, path: string): Promise<string> {
  await connection.write(ascii(`GET ${path} HTTP/1.1\r\nHost: ${connection.remote.address}\r\nConnection: close${headEnd}`));
  const decoder = new TextDecoder();
  let text = '';
  for (let bytes = await connection.read(); bytes !== undefined; bytes = await connection.read()) text += decoder.decode(bytes, { stream: true });
  await connection.end();
  return text;
}

async function readHead(connection: Connection): Promise<{ head: string; rest: Uint8Array }> {
  let received = Buffer.alloc(0);
  while (!received.includes(headEnd)) {
    const bytes = await connection.read();
    if (bytes === undefined) throw new Error('the request ended in its head');
    received = Buffer.concat([received, bytes]);
  }
  const end = received.indexOf(headEnd) + headEnd.length;
  return { head: received.toString('latin1', 0, end), rest: received.subarray(end) };
}

function answer(connection: Connection, length: number): Promise<void> {
  return connection.write(ascii(`HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: ${length}\r\nConnection: close${headEnd}`));
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
