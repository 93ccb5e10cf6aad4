/** A TLS client that can be made to do wrong. It checks nothing that a real one must: those stand in src/network/node. */
import { x25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, encodeUtf8 } from '../../shared/bytes.ts';
import type { Connection } from '../connection.ts';
import { cipherSuites, TrafficKeys } from '../tls/cipher-suite.ts';
import { extensionType, tls13 } from '../tls/client-hello.ts';
import { HandshakeInput } from '../tls/handshake-input.ts';
import { group } from '../tls/key-exchange.ts';
import { applicationSecrets, finishedMac, handshakeSecrets } from '../tls/key-schedule.ts';
import { message, messageType } from '../tls/messages.ts';
import { contentType, RecordLayer, type TlsRecord } from '../tls/record-layer.ts';
import { number, vector } from '../tls/wire.ts';

export type Extensions = Record<number, Uint8Array | undefined>;

const secretKey = new Uint8Array(32).fill(7);

/** What a client of 2024 would say; an `undefined` leaves one out. */
export function extensions(changes: Extensions = {}): [number, Uint8Array][] {
  const all: Extensions = {
    [extensionType.serverName]: vector(2, number(1, 0), vector(2, encodeUtf8('registry.example'))),
    [extensionType.supportedGroups]: vector(2, number(2, group.x25519)),
    [extensionType.signatureAlgorithms]: vector(2, number(2, 0x0403)),
    [extensionType.supportedVersions]: vector(1, number(2, tls13)),
    [extensionType.keyShare]: keyShare(x25519.getPublicKey(secretKey)),
    ...changes,
  };
  return Object.entries(all).flatMap(([type, body]) => (body === undefined ? [] : [[Number(type), body]]));
}

export function keyShare(share: Uint8Array, groupId: number = group.x25519): Uint8Array {
  return vector(2, number(2, groupId), vector(2, share));
}

export function clientHello(list: readonly (readonly [number, Uint8Array])[] = extensions(), compression = Uint8Array.of(0), suite = 0x1303): Uint8Array<ArrayBuffer> {
  const encoded = list.map(([type, body]) => concatBytes([number(2, type), vector(2, body)]));
  return message(messageType.clientHello, number(2, 0x0303), new Uint8Array(32), vector(1, new Uint8Array(32)), vector(2, number(2, suite)), vector(1, compression), vector(2, ...encoded));
}

export class TestTlsClient {
  readonly records: RecordLayer;
  #writeKeys: TrafficKeys | undefined;
  #readKeys: TrafficKeys | undefined;

  constructor(connection: Connection) {
    this.records = new RecordLayer(connection);
  }

  /** @param spoil makes another Finished of the right one */
  async handshake(spoil: (finished: Uint8Array) => Uint8Array = (finished) => finished): Promise<void> {
    const suite = cipherSuites[0];
    if (suite === undefined) throw new Error('no cipher suite');
    const hello = clientHello();
    await this.records.write(contentType.handshake, hello);
    const input = new HandshakeInput();
    const messages: Uint8Array[] = [hello, await this.#message(input)];
    // The server's key share is the last thing in its hello.
    const share = messages[1]?.slice(-32) ?? new Uint8Array(0);
    const secrets = handshakeSecrets(x25519.getSharedSecret(secretKey, share), sha256(concatBytes(messages)));
    this.records.readKeys = new TrafficKeys(suite, secrets.server);
    for (let index = 0; index < 4; index++) messages.push(await this.#message(input));
    const transcript = sha256(concatBytes(messages));
    this.records.writeKeys = new TrafficKeys(suite, secrets.client);
    await this.records.write(contentType.handshake, message(messageType.finished, spoil(finishedMac(secrets.client, transcript))));
    const application = applicationSecrets(secrets.handshake, transcript);
    this.#readKeys = this.records.readKeys = new TrafficKeys(suite, application.server);
    this.#writeKeys = this.records.writeKeys = new TrafficKeys(suite, application.client);
  }

  /** Goes on with new keys, and asks the server to do the same if wanted. */
  updateKeys(requested: 0 | 1): Promise<void> {
    return this.records.write(contentType.handshake, message(messageType.keyUpdate, Uint8Array.of(requested)), () => this.#writeKeys?.update());
  }

  /** The server's records from now on are sealed with its next keys. */
  expectNewKeys(): void {
    this.#readKeys?.update();
  }

  /** The next record that the server sends. */
  async next(): Promise<TlsRecord> {
    const record = await this.records.read();
    if (record === undefined) throw new Error('the server ended without a record');
    return record;
  }

  async #message(input: HandshakeInput): Promise<Uint8Array> {
    for (;;) {
      const complete = input.next();
      if (complete !== undefined) return complete.bytes;
      input.push((await this.next()).bytes);
    }
  }
}
