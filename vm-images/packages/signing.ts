/**
 * The key that signs a package repository. It is no secret, as the lab's certificate authority is none: it is derived from
 * the repository's name, so that every build signs alike and hosts can be built before their packages.
 */
import { createHash } from 'node:crypto';
import { armor, config as defaults, createCleartextMessage, createMessage, enums, readPrivateKey, reformatKey, sign, type PrivateKey } from 'openpgp';
import { ed25519 } from '@noble/curves/ed25519.js';

/** Older than anything it signs. */
const created = new Date('2024-01-01T00:00:00Z');

/** Nothing random, so that two builds give the same bytes. */
const config = { nonDeterministicSignaturesViaNotation: false, showComment: false, showVersion: false } as const;

/** Curve 1.3.6.1.4.1.11591.15.1, Ed25519, in the form of RFC 6637. */
const curve = Buffer.from('092b06010401da470f01', 'hex');
const eddsa = 22;

export interface SigningKey {
  /** ASCII-armored. */
  readonly publicKey: string;
  /** The public key as programs keep it. */
  readonly binary: Uint8Array;
  /** Signs a text as an `InRelease` is signed: text and signature in one. */
  clearSign(text: string, date: Date): Promise<string>;
  /** A signature on its own, as an rpm package has it in its header. */
  sign(data: Uint8Array, date: Date): Promise<Uint8Array>;
}

/** A signature as a file beside what it is of. */
export function armoredSignature(signature: Uint8Array): string {
  return armor(enums.armor.signature, signature, undefined, undefined, undefined, false, { ...defaults, ...config });
}

/** @param name what the key signs; the same name always gives the same key */
export async function deriveSigningKey(name: string): Promise<SigningKey> {
  const seed = createHash('sha256').update(`Drydock package repository, version 1\0${name}`).digest();
  const bare = await readPrivateKey({ binaryKey: secretKeyPackets(seed), config });
  const { privateKey } = await reformatKey({
    privateKey: bare,
    userIDs: [{ name: `Drydock ${name} (its key is public: trust it nowhere else)`, email: 'packages@drydock.example' }],
    date: created,
    format: 'object',
    config,
  });
  const publicKey = privateKey.toPublic();
  return { publicKey: publicKey.armor({ ...defaults, ...config }), binary: publicKey.write(), clearSign: (text, date) => clearSign(privateKey, text, date), sign: (data, date) => signDetached(privateKey, data, date) };
}

async function clearSign(signingKeys: PrivateKey, text: string, date: Date): Promise<string> {
  const message = await createCleartextMessage({ text });
  return sign({ message, signingKeys, date, config });
}

async function signDetached(signingKeys: PrivateKey, data: Uint8Array, date: Date): Promise<Uint8Array> {
  const message = await createMessage({ binary: new Uint8Array(data) });
  return sign({ message, signingKeys, date, detached: true, format: 'binary', config });
}

/** The secret key, unprotected, as a packet of version 4 (RFC 4880, 5.5.3), and a user to carry its name. */
function secretKeyPackets(seed: Uint8Array): Uint8Array {
  const time = Buffer.alloc(4);
  time.writeUInt32BE(created.getTime() / 1000);
  const point = integer(Buffer.concat([Buffer.of(0x40), ed25519.getPublicKey(seed)]));
  const secret = integer(seed);
  const sum = Buffer.alloc(2);
  sum.writeUInt16BE(secret.reduce((total, byte) => total + byte, 0) & 0xffff);
  const key = Buffer.concat([Buffer.of(4), time, Buffer.of(eddsa), curve, point, Buffer.of(0), secret, sum]);
  return Buffer.concat([Buffer.of(0xc5, key.length), key]);
}

/** A number as OpenPGP writes it: its length in bits, then its bytes without leading zeros. */
function integer(bytes: Uint8Array): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = bytes.subarray(start);
  const head = Buffer.alloc(2);
  head.writeUInt16BE(digits.length * 8 - Math.clz32(digits[0] ?? 0) + 24);
  return Buffer.concat([head, digits]);
}
