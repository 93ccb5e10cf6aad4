/**
 * A TLS 1.3 server (RFC 8446) for the hosts of the virtual network: what docker, curl and apt in the guest trust because
 * the machine's image trusts the authority of the lab.
 *
 * Written for this one use, on noble's curves and ciphers: one version, no resumption, no client certificates.
 */
import { systemClock, type Clock } from '../../shared/clock.ts';
import type { Connection, ConnectionHandler } from '../connection.ts';
import { within } from '../within.ts';
import { TlsError } from './alert.ts';
import { serverHandshake, type HandshakeOptions } from './handshake.ts';
import { RecordLayer } from './record-layer.ts';
import { TlsConnection } from './tls-connection.ts';

export interface TlsServerOptions extends HandshakeOptions {
  /** Limit of the handshake; 60,000 unless given: the guest's processor needs seconds for one. */
  readonly handshakeMilliseconds?: number;
}

/** What an ended client may still be sending. */
const lingerMilliseconds = 2000;

/** Serves what is inside. The handler may end the connection or not; it is over when it returns. */
export function serveTls(options: TlsServerOptions, handler: (connection: TlsConnection, clock: Clock) => Promise<void>): ConnectionHandler {
  return async (connection, clock = systemClock) => {
    const records = new RecordLayer(connection);
    try {
      const handshake = await within(clock, options.handshakeMilliseconds ?? 60_000, serverHandshake(records, options));
      if (handshake === 'too late') return;
      await handler(new TlsConnection(connection, records, handshake, clock), clock);
    } catch (error) {
      if (!(error instanceof TlsError)) throw error;
      await refuse(connection, records, error, clock);
    } finally {
      connection.abort();
    }
  };
}

/** Tells the client why, and lets the alert arrive before the connection is dropped. */
async function refuse(connection: Connection, records: RecordLayer, error: TlsError, clock: Clock): Promise<void> {
  const drain = async () => {
    while ((await connection.read()) !== undefined) continue;
  };
  const telling = async () => {
    await records.sendAlert(error.alert);
    await connection.end();
    await within(clock, lingerMilliseconds, drain());
  };
  await telling().catch(() => undefined);
}
