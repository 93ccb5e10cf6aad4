/** A connection of the virtual network as a stream of Node: real OpenSSL and Node's own HTTP client then speak with our hosts. */
import { Duplex } from 'node:stream';
import type { Connection } from '../connection.ts';

export function duplexOf(connection: Connection): Duplex {
  return new Duplex({
    read() {
      connection.read().then(
        (bytes) => this.push(bytes ?? null),
        (error: unknown) => this.destroy(asError(error)),
      );
    },
    write(bytes: Uint8Array, _encoding, callback) {
      connection.write(bytes).then(() => callback(), callback);
    },
    final(callback) {
      connection.end().then(() => callback(), callback);
    },
    destroy(error, callback) {
      connection.abort();
      callback(error);
    },
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
