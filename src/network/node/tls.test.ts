/** The TLS server against a client that was written by others: the OpenSSL in Node. */
import { X509Certificate } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { Connection } from '../connection.ts';
import { serveHttp } from '../http/server.ts';
import { connectionPair, type PairOptions } from '../testing/pair.ts';
import { Authority, deriveAuthority } from '../tls/authority.ts';
import { serveTls, type TlsServerOptions } from '../tls/server.ts';
import type { TlsConnection } from '../tls/tls-connection.ts';
import { duplexOf } from './duplex.ts';

const published = deriveAuthority('test');
const authority = new Authority(published);
const ca = pem(published.certificate);
const names = ['registry.example', 'mirror.example', '198.51.100.7'];

function pem(hex: string): string {
  return new X509Certificate(Buffer.from(hex, 'hex')).toString();
}

const options: TlsServerOptions = {
  certificateFor: (name) => (name === undefined || names.includes(name) ? authority.certificateFor(names) : undefined),
  protocols: ['http/1.1'],
};

async function echo(connection: Connection): Promise<void> {
  for (let bytes = await connection.read(); bytes !== undefined; bytes = await connection.read()) await connection.write(bytes);
  await connection.end();
}

interface Opened {
  socket: TLSSocket;
  /** What the server's side ended with. */
  served: Promise<unknown>;
  serverSide: Promise<TlsConnection>;
}

function open(client: ConnectionOptions = {}, handler: (connection: TlsConnection) => Promise<void> = echo, pair: PairOptions = {}): Opened {
  const [near, far] = connectionPair(pair);
  const accepted = Promise.withResolvers<TlsConnection>();
  const served = serveTls(options, (connection) => {
    accepted.resolve(connection);
    return handler(connection);
  })(far).then(() => undefined, (error: unknown) => error);
  const socket = connect({ socket: duplexOf(near), ca, servername: 'registry.example', ...client });
  return { socket, served, serverSide: accepted.promise };
}

async function secured(socket: TLSSocket): Promise<TLSSocket> {
  await new Promise<void>((resolve, reject) => {
    socket.once('secureConnect', resolve);
    socket.once('error', reject);
  });
  return socket;
}

async function roundTrip(socket: TLSSocket, bytes: Uint8Array): Promise<Buffer> {
  const received = buffer(socket);
  socket.end(bytes);
  return received;
}

const bytesOf = (length: number) => Buffer.from(Uint8Array.from({ length }, (_, index) => (index * 7) & 0xff));

describe('serveTls, with OpenSSL at the other end', () => {
  it.each([
    ['chosen by us', {}, 'TLS_CHACHA20_POLY1305_SHA256'],
    ['all it has', { ciphers: 'TLS_AES_128_GCM_SHA256' }, 'TLS_AES_128_GCM_SHA256'],
    ['ChaCha20', { ciphers: 'TLS_CHACHA20_POLY1305_SHA256' }, 'TLS_CHACHA20_POLY1305_SHA256'],
    ['among those we do not speak', { ciphers: 'TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256' }, 'TLS_AES_128_GCM_SHA256'],
  ])('agrees on a cipher suite: %s', async (_, client, suite) => {
    const { socket, served } = open(client);
    await secured(socket);
    expect(socket.getCipher().name).toBe(suite);
    expect(socket.getProtocol()).toBe('TLSv1.3');
    expect(socket.authorized).toBe(true);
    const sent = bytesOf(100_000);
    expect((await roundTrip(socket, sent)).equals(sent)).toBe(true);
    expect(await served).toBeUndefined();
  });

  it.each(['X25519', 'P-256', 'P-384:P-256', 'P-521:P-384:X25519'])('agrees on a key exchange with %s, asking again where the first share is of another group', async (ecdhCurve) => {
    const { socket } = open({ ecdhCurve });
    await secured(socket);
    expect((await roundTrip(socket, Buffer.from('hello'))).toString()).toBe('hello');
  });

  it('takes bytes one by one', async () => {
    const { socket } = open({}, echo, { maximumRead: 1 });
    await secured(socket);
    expect((await roundTrip(socket, bytesOf(3000))).equals(bytesOf(3000))).toBe(true);
  });

  it('shows a certificate for each of the names, and for the address', async () => {
    for (const servername of ['registry.example', 'mirror.example']) {
      const { socket, serverSide } = open({ servername });
      await secured(socket);
      expect(socket.authorized).toBe(true);
      expect((await serverSide).serverName).toBe(servername);
      socket.destroy();
    }
    const { socket } = open({ servername: '', host: '198.51.100.7' });
    await secured(socket);
    expect(socket.authorized).toBe(true);
    socket.destroy();
  });

  it('agrees on HTTP/1.1 where the client prefers HTTP/2', async () => {
    const { socket } = open({ ALPNProtocols: ['h2', 'http/1.1'] });
    await secured(socket);
    expect(socket.alpnProtocol).toBe('http/1.1');
    socket.destroy();
  });

  it.each([
    ['an older TLS only', { maxVersion: 'TLSv1.2' }, 'PROTOCOL_VERSION'],
    ['no cipher suite of ours', { ciphers: 'TLS_AES_256_GCM_SHA384' }, 'HANDSHAKE_FAILURE'],
    ['no group of ours', { ecdhCurve: 'P-384' }, 'HANDSHAKE_FAILURE'],
    ['no signature of ours', { sigalgs: 'rsa_pss_rsae_sha256' }, 'HANDSHAKE_FAILURE'],
    ['another name', { servername: 'other.example' }, 'UNRECOGNIZED_NAME'],
    ['another protocol', { ALPNProtocols: ['h2'] }, 'NO_APPLICATION_PROTOCOL'],
  ] satisfies [string, ConnectionOptions, string][])('refuses a client that wants %s, with the alert for it', async (_, client, code) => {
    const { socket, served } = open(client);
    await expect(secured(socket)).rejects.toMatchObject({ code: expect.stringContaining(code) });
    expect(await served).toBeUndefined();
  });

  it('is refused by a client that does not trust the authority', async () => {
    const { socket, served } = open({ ca: pem(deriveAuthority('another').certificate) });
    await expect(secured(socket)).rejects.toThrow('unable to verify the first certificate');
    expect(await served).toMatchObject({ fault: 'reset' });
  });

  it('sends megabytes at the pace of the reader', async () => {
    const size = 3_000_000;
    const { socket } = open({}, async (connection) => {
      for (let at = 0; at < size; at += 100_000) await connection.write(bytesOf(100_000));
      await connection.end();
    });
    await secured(socket);
    const received = await buffer(socket);
    expect(received.length).toBe(size);
    expect(received.subarray(2_900_000).equals(bytesOf(100_000))).toBe(true);
  });

  it('goes on writing after the client has ended, and tells it the end', async () => {
    const { socket, served } = open({}, async (connection) => {
      while ((await connection.read()) !== undefined) continue;
      await connection.write(Buffer.from('the rest'));
      await connection.end();
    });
    await secured(socket);
    expect((await roundTrip(socket, Buffer.from('x'))).toString()).toBe('the rest');
    expect(await served).toBeUndefined();
  });

  it('does not take a connection that breaks off for one that ended', async () => {
    const { socket, served } = open();
    await secured(socket);
    socket.destroy();
    expect(await served).toMatchObject({ fault: 'reset' });
  });

  it("carries HTTP: Node's client reads an answer", async () => {
    const { socket } = open({}, serveHttp(async ({ method, path, headers }) => ({ status: 200, body: `${method} ${path} ${headers.get('host')}` })));
    await secured(socket);
    const answer = await new Promise<string>((resolve, reject) => {
      const request = httpRequest({ createConnection: () => socket, path: '/v2/', headers: { Host: 'registry.example' } }, (response) => {
        buffer(response).then((body) => resolve(`${response.statusCode} ${body.toString()}`), reject);
      });
      request.on('error', reject);
      request.end();
    });
    expect(answer).toBe('200 GET /v2/ registry.example');
  });
});
