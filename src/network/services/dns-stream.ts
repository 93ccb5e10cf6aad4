/** DNS over TCP (RFC 7766): each message behind its length in two bytes. */
import type { Connection, ConnectionHandler } from '../connection.ts';

/** Longer than any query has reason to be. */
const maximumBytes = 4096;

export function dnsOverTcp(answer: (message: Uint8Array) => Uint8Array | undefined): ConnectionHandler {
  return async (connection) => {
    let pending = new Uint8Array(0);
    for (let bytes = await connection.read(); bytes !== undefined; bytes = await connection.read()) {
      pending = appended(pending, bytes);
      for (let message = first(pending); message !== undefined; message = first(pending)) {
        pending = pending.slice(2 + message.length);
        await send(connection, answer(message));
      }
      if (pending.length > maximumBytes) throw new RangeError('a query that is too long');
    }
  };
}

function first(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.length < 2) return undefined;
  const length = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
  return bytes.length < 2 + length ? undefined : bytes.subarray(2, 2 + length);
}

async function send(connection: Connection, message: Uint8Array | undefined): Promise<void> {
  if (message === undefined) return;
  await connection.write(appended(Uint8Array.of(message.length >>> 8, message.length), message));
}

function appended(bytes: Uint8Array, more: Uint8Array): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(bytes.length + more.length);
  result.set(bytes);
  result.set(more, bytes.length);
  return result;
}
