/** The rest of a connection after HTTP: what was read too far comes first. */
import type { HttpInput } from '../../shared/http/input.ts';
import type { Connection } from '../connection.ts';

const maximumPiece = 65_536;

export function unread(connection: Connection, input: HttpInput): Connection {
  return {
    local: connection.local,
    remote: connection.remote,
    async read() {
      const piece = await input.readSome(maximumPiece);
      return piece === null ? undefined : piece.slice();
    },
    write: (bytes) => connection.write(bytes),
    end: () => connection.end(),
    abort: () => connection.abort(),
  };
}
