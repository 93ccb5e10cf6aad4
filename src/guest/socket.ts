/** Stream sockets of the guest, read at the pace of the reader. */
import { DrydockError } from '../shared/errors.ts';
import { ByteWriter } from './bytes.ts';
import type { AgentConnection } from './connection.ts';
import { errnoName } from './errno.ts';
import { OpenKind } from './frames.ts';
import { supervise, type WaitOptions } from './supervise.ts';

/** Both directions of a connection. */
export interface Duplex {
  /** The next bytes, or null at the end of the stream. One read at a time. Rejects when the connection is lost or closed. */
  read(): Promise<Uint8Array | null>;
  /** Resolves when there was room. */
  write(bytes: Uint8Array): Promise<void>;
  /** No more bytes from here. */
  end(): void;
  close(reason?: DrydockError): void;
}

/** Connects to a Unix stream socket as root. */
export async function connectUnix(connection: AgentConnection, path: string, options: WaitOptions = {}): Promise<Duplex> {
  const queue: Uint8Array[] = [];
  let waiting: PromiseWithResolvers<Uint8Array | null> | undefined;
  let ended: { error: unknown } | 'cleanly' | undefined;

  const finish = (how: { error: unknown } | 'cleanly') => {
    ended ??= how;
    if (waiting === undefined) return;
    if (ended === 'cleanly') waiting.resolve(null);
    else waiting.reject(ended.error);
    waiting = undefined;
  };
  const channel = connection.open(new ByteWriter().u8(OpenKind.CONNECT).string(path).finish(), `connection to ${path}`, {
    data(bytes) {
      if (waiting === undefined) {
        queue.push(bytes);
        return;
      }
      waiting.resolve(bytes);
      waiting = undefined;
      channel.consumed(bytes.length);
    },
    eof: () => finish('cleanly'),
  });
  channel.ended.then(
    (code) => finish(code === 0 ? 'cleanly' : { error: endedBadly(channel.what, code) }),
    (error: unknown) => finish({ error }),
  );
  await supervise(channel, options, channel.opened);
  return {
    async read() {
      const next = queue.shift();
      if (next !== undefined) {
        channel.consumed(next.length);
        return next;
      }
      if (ended === 'cleanly') return null;
      if (ended !== undefined) throw ended.error;
      if (waiting !== undefined) throw new Error('one read at a time');
      waiting = Promise.withResolvers();
      return waiting.promise;
    },
    write: (bytes) => channel.write(bytes),
    end: () => channel.end(),
    close: (reason) => channel.close(reason),
  };
}

function endedBadly(what: string, code: number): DrydockError {
  return new DrydockError('link-closed', { what, reason: errnoName(code) });
}
