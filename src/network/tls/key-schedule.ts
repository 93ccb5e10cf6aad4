/** Secrets of a connection without a pre-shared key (RFC 8446, 7.1), for suites that hash with SHA-256. */
import { expand, extract } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { encodeUtf8, concatBytes } from '../../shared/bytes.ts';
import { number, vector } from './wire.ts';

export const hashBytes = 32;
const none = new Uint8Array(0);

/** HKDF-Expand-Label. */
export function expandLabel(secret: Uint8Array, label: string, context: Uint8Array, length: number): Uint8Array {
  return expand(sha256, secret, concatBytes([number(2, length), vector(1, encodeUtf8(`tls13 ${label}`)), vector(1, context)]), length);
}

export interface TrafficSecrets {
  readonly client: Uint8Array;
  readonly server: Uint8Array;
}

export interface HandshakeSecrets extends TrafficSecrets {
  readonly handshake: Uint8Array;
}

/** @param transcript hash from ClientHello to ServerHello */
export function handshakeSecrets(shared: Uint8Array, transcript: Uint8Array): HandshakeSecrets {
  const zeros = new Uint8Array(hashBytes);
  const early = extract(sha256, zeros, none);
  const handshake = extract(sha256, shared, expandLabel(early, 'derived', sha256(none), hashBytes));
  return {
    handshake,
    client: expandLabel(handshake, 'c hs traffic', transcript, hashBytes),
    server: expandLabel(handshake, 's hs traffic', transcript, hashBytes),
  };
}

/** @param transcript hash from ClientHello to the server's Finished */
export function applicationSecrets(handshake: Uint8Array, transcript: Uint8Array): TrafficSecrets {
  const master = extract(sha256, new Uint8Array(hashBytes), expandLabel(handshake, 'derived', sha256(none), hashBytes));
  return {
    client: expandLabel(master, 'c ap traffic', transcript, hashBytes),
    server: expandLabel(master, 's ap traffic', transcript, hashBytes),
  };
}

/** The content of a Finished message. */
export function finishedMac(secret: Uint8Array, transcript: Uint8Array): Uint8Array {
  return hmac(sha256, expandLabel(secret, 'finished', none, hashBytes), transcript);
}
