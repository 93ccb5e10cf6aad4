import { describe, expect, it } from 'vitest';
import type { Connection, ConnectionHandler } from '../../network/connection.ts';
import { VirtualNetwork } from '../../network/network.ts';
import { firstCredit } from '../connection-channel.ts';
import { serveChannel } from '../core/host/serve-channel.ts';
import { randomBytes } from '../core/testing/random.ts';
import { firstDifference } from '../core/testing/bytes.ts';
import { ChannelConnection } from './channel-connection.ts';

const address = '10.0.2.9';
const port = 80;

/** The page's end of a connection to a host with this handler, over a real port and a real network. */
function channelTo(handler: ConnectionHandler, options: { port?: number } = {}) {
  const network = new VirtualNetwork({ gatewayAddress: '10.0.2.2', hosts: [{ names: ['there'], address, ports: new Map([[port, handler]]) }] });
  const { port1, port2 } = new MessageChannel();
  let over = 0;
  const connection = new ChannelConnection(port1, () => (over += 1));
  const served = serveChannel(port2, (signal) => network.connect(address, options.port ?? port, { signal }));
  return { connection, served, network, over: () => over };
}

async function readAll(connection: Connection): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (let bytes = await connection.read(); bytes !== undefined; bytes = await connection.read()) pieces.push(bytes);
  return new Uint8Array(await new Blob(pieces.map((piece) => piece.slice())).arrayBuffer());
}

const echo: ConnectionHandler = async (connection) => {
  for (let bytes = await connection.read(); bytes !== undefined; bytes = await connection.read()) await connection.write(bytes);
};

describe('ChannelConnection', () => {
  it('carries megabytes both ways, each direction ending on its own', async () => {
    const { connection, served, over } = channelTo(echo);
    await connection.opened();
    expect(connection.remote).toEqual({ address, port });
    expect(connection.local.address).toBe('10.0.2.2');
    const sent = randomBytes(3_000_000, 5);
    const writing = (async () => {
      for (let at = 0; at < sent.length; at += 100_000) await connection.write(sent.subarray(at, at + 100_000));
      await connection.end();
    })();
    const received = await readAll(connection);
    await writing;
    expect(firstDifference(received, sent)).toBe(-1);
    await served;
    expect(over()).toBe(1);
  });

  it('sends no more than the reader takes', async () => {
    let written = 0;
    const { connection } = channelTo(async (inner) => {
      for (; written < 8_000_000; written += 50_000) await inner.write(new Uint8Array(50_000));
    });
    await connection.opened();
    await new Promise((resolve) => setTimeout(resolve, 100));
    // The credit, and the buffers of both ends of TCP.
    expect(written).toBeLessThan(firstCredit + 1_200_000);
    expect((await readAll(connection)).length).toBe(8_000_000);
    await connection.end();
  });

  it('says why it did not come about', async () => {
    const { connection, over } = channelTo(echo, { port: 81 });
    await expect(connection.opened()).rejects.toMatchObject({ fault: 'refused' });
    await expect(connection.read()).rejects.toMatchObject({ fault: 'refused' });
    expect(over()).toBe(1);
  });

  it('passes an abort on in both directions', async () => {
    const seen = Promise.withResolvers<unknown>();
    const { connection, served, network } = channelTo(async (inner) => {
      await inner.read();
      seen.resolve(await inner.read().catch((error: unknown) => error));
    });
    await connection.opened();
    await connection.write(Uint8Array.of(1));
    connection.abort();
    expect(await seen.promise).toMatchObject({ fault: 'reset' });
    await served;
    expect(network.counters.connections).toBe(0);

    const other = channelTo(async (inner) => inner.abort());
    await other.connection.opened();
    await expect(other.connection.read()).rejects.toMatchObject({ fault: 'reset' });
    await expect(other.connection.write(Uint8Array.of(1))).rejects.toMatchObject({ fault: 'reset' });
    await expect(other.connection.end()).rejects.toMatchObject({ fault: 'reset' });
  });

  it('stops opening when the signal fires', async () => {
    const { port1, port2 } = new MessageChannel();
    const connection = new ChannelConnection(port1);
    const network = new VirtualNetwork({ gatewayAddress: '10.0.2.2' });
    const served = serveChannel(port2, (signal) => network.connect('10.0.2.77', port, { signal }));
    const abort = new AbortController();
    const opening = connection.opened(abort.signal);
    abort.abort(new Error('enough'));
    await expect(opening).rejects.toThrow('enough');
    await served;
    expect(network.counters.connections).toBe(0);
  });

  it('breaks when the machine goes away, after what had come before', async () => {
    const { connection } = channelTo(async (inner) => {
      await inner.write(Uint8Array.of(1, 2));
      await inner.read();
    });
    await connection.opened();
    await new Promise((resolve) => setTimeout(resolve, 50));
    connection.lose();
    expect(await connection.read()).toEqual(Uint8Array.of(1, 2));
    await expect(connection.read()).rejects.toMatchObject({ fault: 'reset' });
  });
});
