import { x25519 } from '@noble/curves/ed25519.js';
import { describe, expect, it } from 'vitest';
import { concatBytes, decodeUtf8, encodeUtf8 } from '../../shared/bytes.ts';
import { systemClock, type Clock } from '../../shared/clock.ts';
import { ManualClock } from '../../shared/testing/manual-clock.ts';
import type { Connection } from '../connection.ts';
import { connectionPair } from '../testing/pair.ts';
import { clientHello, extensions, keyShare, TestTlsClient } from '../testing/tls-client.ts';
import { alert, alertName } from './alert.ts';
import { Authority, deriveAuthority } from './authority.ts';
import { extensionType } from './client-hello.ts';
import { message, messageType } from './messages.ts';
import { contentType } from './record-layer.ts';
import { serveTls, type TlsServerOptions } from './server.ts';
import { number, vector } from './wire.ts';

const authority = new Authority(deriveAuthority('test'));
const options: TlsServerOptions = { certificateFor: () => authority.certificateFor(['registry.example']), protocols: ['http/1.1'] };

async function echo(connection: Connection): Promise<void> {
  for (let bytes = await connection.read(); bytes !== undefined; bytes = await connection.read()) await connection.write(bytes);
  await connection.end();
}

function start(changes: Partial<TlsServerOptions> = {}, clock: Clock = systemClock) {
  const [near, far] = connectionPair();
  const clocks: Clock[] = [];
  const handler = (connection: Connection, handed: Clock): Promise<void> => {
    clocks.push(handed);
    return echo(connection);
  };
  const served = serveTls({ ...options, ...changes }, handler)(far, clock).then(() => undefined, (error: unknown) => error);
  return { near, served, clocks, client: new TestTlsClient(near) };
}

/** The alert that the server sends next. */
async function refusal(client: TestTlsClient): Promise<string> {
  for (;;) {
    const record = await client.next();
    if (record.type === contentType.alert) return alertName(record.bytes[1] ?? -1);
  }
}

const record = (type: number, body: Uint8Array) => concatBytes([Uint8Array.of(type, 3, 1), vector(2, body)]);
const helloOf = (changes: Parameters<typeof extensions>[0]) => record(contentType.handshake, clientHello(extensions(changes)));

describe('a first message', () => {
  it.each([
    ['that is not TLS', encodeUtf8('GET / HTTP/1.1\r\n\r\n'), 'unexpectedMessage'],
    ['that is too long', Uint8Array.of(22, 3, 1, 0x40, 1), 'recordOverflow'],
    ['of no bytes', record(contentType.handshake, new Uint8Array(0)), 'unexpectedMessage'],
    ['of application data', record(contentType.applicationData, Uint8Array.of(1)), 'unexpectedMessage'],
    ['that is another one', record(contentType.handshake, message(messageType.finished, new Uint8Array(32))), 'unexpectedMessage'],
    ['that claims to be huge', record(contentType.handshake, Uint8Array.of(1, 0xff, 0xff, 0xff)), 'decodeError'],
    ['that ends early', record(contentType.handshake, message(messageType.clientHello, new Uint8Array(20))), 'decodeError'],
    ['that has a rest', record(contentType.handshake, message(messageType.clientHello, clientHello().subarray(4), Uint8Array.of(0))), 'decodeError'],
    ['of an older version', helloOf({ [extensionType.supportedVersions]: vector(1, number(2, 0x0303)) }), 'protocolVersion'],
    ['without versions', helloOf({ [extensionType.supportedVersions]: undefined }), 'protocolVersion'],
    ['without a key share', helloOf({ [extensionType.keyShare]: undefined }), 'missingExtension'],
    ['without groups', helloOf({ [extensionType.supportedGroups]: undefined }), 'missingExtension'],
    ['without signatures', helloOf({ [extensionType.signatureAlgorithms]: undefined }), 'missingExtension'],
    ['with an extension twice', record(contentType.handshake, clientHello([...extensions(), ...extensions()])), 'illegalParameter'],
    ['with a session to resume before other extensions', record(contentType.handshake, clientHello([[extensionType.preSharedKey, new Uint8Array(0)], ...extensions()])), 'illegalParameter'],
    ['that wants compression', record(contentType.handshake, clientHello(extensions(), Uint8Array.of(1, 0))), 'illegalParameter'],
    ['with a cipher suite that nobody knows', record(contentType.handshake, clientHello(extensions(), Uint8Array.of(0), 0x1399)), 'handshakeFailure'],
    ['with a key share of zeros', helloOf({ [extensionType.keyShare]: keyShare(new Uint8Array(32)) }), 'illegalParameter'],
    ['with a key share that is too short', helloOf({ [extensionType.keyShare]: keyShare(new Uint8Array(31)) }), 'illegalParameter'],
    ['with a point that is not on the curve', helloOf({ [extensionType.keyShare]: keyShare(new Uint8Array(65).fill(4), 0x17) }), 'illegalParameter'],
  ])('%s is refused', async (_, bytes, expected) => {
    const { near, client, served } = start();
    await near.write(bytes);
    expect(await refusal(client)).toBe(expected);
    near.end().catch(() => undefined);
    expect(await served).toBeUndefined();
  });

  it('may come in many records', async () => {
    const { near, client } = start();
    for (const byte of clientHello()) await near.write(record(contentType.handshake, Uint8Array.of(byte)));
    expect((await client.next()).bytes[0]).toBe(messageType.serverHello);
  });

  it('that is asked again must bring what it was asked for', async () => {
    const { near, client } = start();
    await near.write(helloOf({ [extensionType.keyShare]: vector(2) }));
    const retry = await client.next();
    expect([...retry.bytes.subarray(-2)]).toEqual([0, 0x1d]);
    await near.write(helloOf({ [extensionType.keyShare]: vector(2) }));
    expect(await refusal(client)).toBe('illegalParameter');
  });
});

describe('a handshake', () => {
  it('with a wrong Finished is refused', async () => {
    const { client } = start();
    await client.handshake((finished) => finished.map((byte) => byte ^ 1));
    expect(await refusal(client)).toBe('decryptError');
  });

  it('that comes to a halt is given up', async () => {
    const clock = new ManualClock();
    const { near, served } = start({ handshakeMilliseconds: 100 }, clock);
    await near.write(helloOf({}).subarray(0, 50));
    await clock.advance(150);
    expect(await served).toBeUndefined();
    await expect(near.read()).rejects.toMatchObject({ fault: 'reset' });
  });

  it('that the client gives up with an alert in the clear is over', async () => {
    const { near, served } = start();
    await near.write(helloOf({}));
    await near.write(record(contentType.alert, Uint8Array.of(2, 48)));
    expect(await served).toMatchObject({ fault: 'reset', message: expect.stringContaining('48') });
  });
});

describe('an established connection', () => {
  const established = async (clock?: Clock) => {
    const started = start({}, clock);
    await started.client.handshake();
    started.client.records.handshaking = false;
    return started;
  };
  const say = (client: TestTlsClient, text: string) => client.records.write(contentType.applicationData, encodeUtf8(text));
  const hear = async (client: TestTlsClient) => decodeUtf8((await client.next()).bytes);

  it('echoes, ends and tells so', async () => {
    const { client, served } = await established();
    await say(client, 'hello');
    expect(await hear(client)).toBe('hello');
    await client.records.sendAlert('userCanceled');
    await client.records.sendAlert('closeNotify');
    expect([...(await client.next()).bytes]).toEqual([1, alert.closeNotify]);
    expect(await served).toBeUndefined();
  });

  it('is timed by the clock of the network, also inside', async () => {
    const clock = new ManualClock();
    const { client, clocks } = await established(clock);
    await say(client, 'hello');
    expect(await hear(client)).toBe('hello');
    expect(clocks).toEqual([clock]);
  });

  it("follows the client's new keys", async () => {
    const { client } = await established();
    await client.updateKeys(0);
    await say(client, 'one');
    expect(await hear(client)).toBe('one');
    await client.updateKeys(0);
    await say(client, 'two');
    expect(await hear(client)).toBe('two');
  });

  it('changes its own keys when it is asked to', async () => {
    const { client } = await established();
    await say(client, 'before');
    expect(await hear(client)).toBe('before');
    await client.updateKeys(1);
    expect([...(await client.next()).bytes]).toEqual([messageType.keyUpdate, 0, 0, 1, 0]);
    client.expectNewKeys();
    await say(client, 'after');
    expect(await hear(client)).toBe('after');
  });

  it.each([
    ['an unknown KeyUpdate', contentType.handshake, message(messageType.keyUpdate, Uint8Array.of(2)), 'illegalParameter'],
    ['a KeyUpdate that is too long', contentType.handshake, message(messageType.keyUpdate, Uint8Array.of(0, 0)), 'decodeError'],
    ['a KeyUpdate with something behind it', contentType.handshake, concatBytes([message(messageType.keyUpdate, Uint8Array.of(0)), Uint8Array.of(1)]), 'unexpectedMessage'],
    ['a new handshake', contentType.handshake, clientHello(), 'unexpectedMessage'],
    ['a record of no type', 0, new Uint8Array(0), 'unexpectedMessage'],
    ['a record of an unknown type', 99, Uint8Array.of(1), 'unexpectedMessage'],
  ])('refuses %s', async (_, type, bytes, expected) => {
    const { client, served } = await established();
    await client.records.write(type, bytes);
    expect(await refusal(client)).toBe(expected);
    expect(await served).toMatchObject({ fault: 'reset' });
  });

  it.each([
    ['that was changed on its way', record(contentType.applicationData, new Uint8Array(40)), 'badRecordMac'],
    ['that is too short to be sealed', record(contentType.applicationData, new Uint8Array(3)), 'badRecordMac'],
    ['in the clear', record(contentType.handshake, Uint8Array.of(24, 0, 0, 1, 0)), 'unexpectedMessage'],
    ['of a change_cipher_spec', record(contentType.changeCipherSpec, Uint8Array.of(1)), 'unexpectedMessage'],
    ['that is too long', Uint8Array.of(23, 3, 3, 0x41, 1), 'recordOverflow'],
  ])('refuses a record %s', async (_, bytes, expected) => {
    const { near, client } = await established();
    // The handshake is over for the server only when it has the client's Finished.
    await say(client, 'ready');
    expect(await hear(client)).toBe('ready');
    await near.write(bytes);
    expect(await refusal(client)).toBe(expected);
  });

  it('splits what is longer than a record', async () => {
    const { client } = await established();
    const sent = 'x'.repeat(40_000);
    await say(client, sent);
    let heard = '';
    while (heard.length < sent.length) heard += await hear(client);
    expect(heard).toBe(sent);
  });

  it('has fresh keys in each connection', async () => {
    const shares = new Set<string>();
    for (let count = 0; count < 2; count++) {
      const { near, client } = start();
      await near.write(helloOf({ [extensionType.keyShare]: keyShare(x25519.getPublicKey(new Uint8Array(32).fill(9))) }));
      shares.add((await client.next()).bytes.slice(-32).toString());
    }
    expect(shares.size).toBe(2);
  });
});
