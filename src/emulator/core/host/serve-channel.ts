/** The worker's side of a connection that the page holds: passes bytes between the connection and the page's port. */
import { ConnectionError, type Connection } from '../../../network/connection.ts';
import { reasonOf } from '../../../shared/errors.ts';
import { channelMessageSchema, Credit, largestPiece, postBytes, type ChannelMessage, type ChannelPort } from '../../connection-channel.ts';

/**
 * `open` brings the connection about, unless the signal fires first. Resolves when it is over; never rejects.
 * The page closes the port: what was posted last must not be cut off.
 */
export async function serveChannel(port: ChannelPort, open: (signal: AbortSignal) => Promise<Connection>): Promise<void> {
  const abort = new AbortController();
  const credit = new Credit();
  const ended = Promise.withResolvers<void>();
  let connection: Connection | undefined;
  let writing: Promise<void> = Promise.resolve();
  const post = (message: ChannelMessage): void => port.postMessage(message);
  const breakOff = (): void => {
    abort.abort(new ConnectionError('aborted', 'the page does not want the connection any more'));
    connection?.abort();
    // Whoever waits for credit goes on, and finds the connection broken.
    credit.give(Number.MAX_SAFE_INTEGER);
  };
  const write = async (target: Connection, bytes: Uint8Array): Promise<void> => {
    await target.write(bytes);
    post({ type: 'credit', bytes: bytes.length });
  };
  const handle = (message: ChannelMessage): void => {
    const target = connection;
    if (message.type === 'abort') breakOff();
    else if (message.type === 'credit') credit.give(message.bytes);
    else if (target === undefined) breakOff();
    else if (message.type === 'data') writing = writing.then(() => write(target, new Uint8Array(message.bytes)));
    else if (message.type === 'end') {
      writing = writing.then(() => target.end()).then(() => post({ type: 'delivered' }));
      writing.then(ended.resolve, ended.reject);
    }
    writing.catch(ended.reject);
  };
  port.onmessage = (event: MessageEvent<unknown>) => {
    const message = channelMessageSchema.safeParse(event.data);
    if (message.success) handle(message.data);
    else breakOff();
  };
  port.onmessageerror = breakOff;
  try {
    connection = await open(abort.signal);
    post({ type: 'open', local: connection.local, remote: connection.remote });
    await Promise.all([pump(connection, port, credit), ended.promise]);
  } catch (error) {
    connection?.abort();
    const fault = error instanceof ConnectionError ? error.fault : 'aborted';
    post({ type: 'broken', fault, message: reasonOf(error) });
  }
}

async function pump(connection: Connection, port: ChannelPort, credit: Credit): Promise<void> {
  for (let bytes = await connection.read(); bytes !== undefined; bytes = await connection.read()) {
    for (let at = 0; at < bytes.length; ) {
      const count = await credit.take(Math.min(largestPiece, bytes.length - at));
      postBytes(port, bytes.subarray(at, at + count));
      at += count;
    }
  }
  port.postMessage({ type: 'end' } satisfies ChannelMessage);
}
