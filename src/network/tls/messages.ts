/** The server's handshake messages (RFC 8446, 4), each with its header. */
import { p256 } from '@noble/curves/nist.js';
import { concatBytes, encodeUtf8 } from '../../shared/bytes.ts';
import { extensionType, tls13 } from './client-hello.ts';
import { number, vector } from './wire.ts';

export const messageType = { clientHello: 1, serverHello: 2, encryptedExtensions: 8, certificate: 11, certificateVerify: 15, finished: 20, keyUpdate: 24, messageHash: 254 } as const;

/** ECDSA on P-256 with SHA-256. */
export const signatureScheme = 0x0403;

const legacyVersion = number(2, 0x0303);
/** SHA-256 of "HelloRetryRequest": the random that makes a ServerHello one. */
const retryRandom = Uint8Array.of(
  0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
  0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
);

export function message(type: number, ...body: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return concatBytes([number(1, type), vector(3, ...body)]);
}

function extension(type: number, ...body: readonly Uint8Array[]): Uint8Array {
  return concatBytes([number(2, type), vector(2, ...body)]);
}

function hello(random: Uint8Array, sessionId: Uint8Array, suite: number, keyShare: Uint8Array): Uint8Array {
  const extensions = vector(2, extension(extensionType.supportedVersions, number(2, tls13)), extension(extensionType.keyShare, keyShare));
  return message(messageType.serverHello, legacyVersion, random, vector(1, sessionId), number(2, suite), number(1, 0), extensions);
}

export interface ServerHelloParts {
  /** As the client sent it. */
  readonly sessionId: Uint8Array;
  readonly suite: number;
  readonly group: number;
}

export function serverHello({ sessionId, suite, group }: ServerHelloParts, share: Uint8Array): Uint8Array {
  return hello(crypto.getRandomValues(new Uint8Array(32)), sessionId, suite, concatBytes([number(2, group), vector(2, share)]));
}

/** Asks for a key share of the group. */
export function helloRetryRequest({ sessionId, suite, group }: ServerHelloParts): Uint8Array {
  return hello(retryRandom, sessionId, suite, number(2, group));
}

/** @param protocol chosen by ALPN, if the client offered any */
export function encryptedExtensions(protocol: string | undefined): Uint8Array {
  const chosen = protocol === undefined ? [] : [extension(extensionType.applicationProtocols, vector(2, vector(1, encodeUtf8(protocol))))];
  return message(messageType.encryptedExtensions, vector(2, ...chosen));
}

/** @param chain certificates in DER, the server's own first */
export function certificateMessage(chain: readonly Uint8Array[]): Uint8Array {
  return message(messageType.certificate, vector(1), vector(3, ...chain.flatMap((certificate) => [vector(3, certificate), vector(2)])));
}

/** @param transcript hash from ClientHello to Certificate */
export function certificateVerify(transcript: Uint8Array, privateKey: Uint8Array): Uint8Array {
  const content = concatBytes([new Uint8Array(64).fill(0x20), encodeUtf8('TLS 1.3, server CertificateVerify\0'), transcript]);
  return message(messageType.certificateVerify, number(2, signatureScheme), vector(2, p256.sign(content, privateKey, { format: 'der' })));
}
