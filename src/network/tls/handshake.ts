/** The server's side of a full handshake (RFC 8446, 2): no resumption, no client certificates. */
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from '../../shared/bytes.ts';
import { ConnectionError } from '../connection.ts';
import { alert, alertName, TlsError } from './alert.ts';
import { cipherSuites, TrafficKeys, type CipherSuite } from './cipher-suite.ts';
import { parseClientHello, type ClientHello } from './client-hello.ts';
import { HandshakeInput, type HandshakeMessage } from './handshake-input.ts';
import { exchangeKeys, preferredGroups } from './key-exchange.ts';
import { applicationSecrets, finishedMac, handshakeSecrets } from './key-schedule.ts';
import { certificateMessage, certificateVerify, encryptedExtensions, helloRetryRequest, message, messageType, serverHello, signatureScheme } from './messages.ts';
import { contentType, type RecordLayer, type TlsRecord } from './record-layer.ts';

export interface TlsCertificate {
  /** DER, the server's own first; the root need not be in it. */
  readonly chain: readonly Uint8Array[];
  /** Of the first, on P-256: 32 bytes. */
  readonly privateKey: Uint8Array;
}

export interface HandshakeOptions {
  /** Certificate for the name a client asks for, or for one that names none; `undefined` refuses it. */
  certificateFor(serverName: string | undefined): TlsCertificate | undefined;
  /** By ALPN, best first. */
  readonly protocols: readonly string[];
}

export interface HandshakeResult {
  readonly serverName: string | undefined;
  /** In use by the record layer, to be updated. */
  readonly readKeys: TrafficKeys;
  readonly writeKeys: TrafficKeys;
}

/** Rejects with TlsError for what the client did wrong, with ConnectionError when it is gone. */
export async function serverHandshake(records: RecordLayer, options: HandshakeOptions): Promise<HandshakeResult> {
  const input = new HandshakeInput();
  const transcript = new Transcript();
  const first = await nextMessage(records, input, messageType.clientHello);
  transcript.add(first.bytes);
  let hello = parseClientHello(first.body);
  const suite = cipherSuites.find(({ id }) => hello.cipherSuites.includes(id));
  if (suite === undefined) throw new TlsError('handshakeFailure', 'no cipher suite in common');
  if (!hello.signatureSchemes.includes(signatureScheme)) throw new TlsError('handshakeFailure', 'the client does not take ECDSA on P-256');
  const group = preferredGroups.find((id) => hello.keyShares.has(id)) ?? preferredGroups.find((id) => hello.groups.includes(id));
  if (group === undefined) throw new TlsError('handshakeFailure', 'no group in common');
  const parts = { sessionId: hello.sessionId, suite: suite.id, group };
  let spoken = false;
  if (!hello.keyShares.has(group)) {
    transcript.restart();
    await send(records, transcript, [helloRetryRequest(parts)], parts.sessionId);
    spoken = true;
    const second = await nextMessage(records, input, messageType.clientHello);
    transcript.add(second.bytes);
    hello = secondHello(second, suite, group);
  }
  const share = hello.keyShares.get(group) ?? new Uint8Array(0);
  const certificate = options.certificateFor(hello.serverName);
  if (certificate === undefined) throw new TlsError('unrecognizedName', `there is no ${hello.serverName ?? 'host without a name'} here`);
  const protocol = chooseProtocol(hello, options.protocols);
  const exchange = exchangeKeys(group, share);
  await send(records, transcript, [serverHello(parts, exchange.share)], spoken ? undefined : parts.sessionId);

  const secrets = handshakeSecrets(exchange.secret, transcript.hash());
  records.readKeys = new TrafficKeys(suite, secrets.client);
  records.writeKeys = new TrafficKeys(suite, secrets.server);
  const flight = [encryptedExtensions(protocol), certificateMessage(certificate.chain)];
  for (const part of flight) transcript.add(part);
  const verify = certificateVerify(transcript.hash(), certificate.privateKey);
  transcript.add(verify);
  const finished = message(messageType.finished, finishedMac(secrets.server, transcript.hash()));
  transcript.add(finished);
  await records.write(contentType.handshake, concatBytes([...flight, verify, finished]));

  const expected = finishedMac(secrets.client, transcript.hash());
  const application = applicationSecrets(secrets.handshake, transcript.hash());
  // Also for an alert: a client expects these keys behind our Finished.
  const writeKeys = new TrafficKeys(suite, application.server);
  records.writeKeys = writeKeys;
  const answer = await nextMessage(records, input, messageType.finished);
  if (!equal(answer.body, expected)) throw new TlsError('decryptError', 'the client’s Finished is wrong');
  if (input.partial) throw new TlsError('unexpectedMessage', 'more than a Finished');
  const readKeys = new TrafficKeys(suite, application.client);
  records.readKeys = readKeys;
  records.handshaking = false;
  return { serverName: hello.serverName, readKeys, writeKeys };
}

function secondHello(second: HandshakeMessage, suite: CipherSuite, group: number): ClientHello {
  const hello = parseClientHello(second.body);
  const right = hello.keyShares.size === 1 && hello.keyShares.has(group) && hello.cipherSuites.includes(suite.id);
  if (!right) throw new TlsError('illegalParameter', 'the second ClientHello is not what was asked for');
  return hello;
}

function chooseProtocol({ protocols }: ClientHello, ours: readonly string[]): string | undefined {
  if (protocols === undefined) return undefined;
  const chosen = ours.find((protocol) => protocols.includes(protocol));
  if (chosen === undefined) throw new TlsError('noApplicationProtocol', `none of ${protocols.join(', ')}`);
  return chosen;
}

/** @param sessionId of the client's first message before our first answer: not empty when it expects a change_cipher_spec, for old middleboxes */
async function send(records: RecordLayer, transcript: Transcript, messages: readonly Uint8Array[], sessionId: Uint8Array | undefined): Promise<void> {
  for (const part of messages) transcript.add(part);
  await records.write(contentType.handshake, concatBytes(messages));
  if (sessionId !== undefined && sessionId.length > 0) await records.write(contentType.changeCipherSpec, Uint8Array.of(1));
}

async function nextMessage(records: RecordLayer, input: HandshakeInput, type: number): Promise<HandshakeMessage> {
  for (;;) {
    const complete = input.next();
    if (complete !== undefined) {
      if (complete.type !== type) throw new TlsError('unexpectedMessage', `the handshake message ${complete.type} instead of ${type}`);
      return complete;
    }
    const record = await records.read();
    if (record === undefined) throw new ConnectionError('reset', 'the client left within the handshake');
    if (record.type === contentType.alert) throw refusedBy(record);
    if (record.type !== contentType.handshake) throw new TlsError('unexpectedMessage', 'data before the handshake is over');
    input.push(record.bytes);
  }
}

/** An alert of the client's that ends the connection. */
export function refusedBy({ bytes }: TlsRecord): ConnectionError {
  const code = bytes[1] ?? alert.decodeError;
  return new ConnectionError('reset', `the client broke off with the alert ${alertName(code)}`);
}

/** Takes as long for bytes that differ early as for others. */
function equal(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  return left.reduce((difference, byte, index) => difference | (byte ^ (right[index] ?? 0)), 0) === 0;
}

/** Hash over the handshake's messages. */
class Transcript {
  #hash = sha256.create();

  add(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  hash(): Uint8Array {
    return this.#hash.clone().digest();
  }

  /** Before a HelloRetryRequest: the first ClientHello is replaced by its hash (RFC 8446, 4.4.1). */
  restart(): void {
    const first = this.hash();
    this.#hash = sha256.create().update(message(messageType.messageHash, first));
  }
}
