/** Ephemeral Diffie-Hellman on the two curves that every client has. */
import { x25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { TlsError } from './alert.ts';

export interface KeyExchange {
  /** Our key share. */
  readonly share: Uint8Array;
  readonly secret: Uint8Array;
}

export const group = { p256: 0x0017, x25519: 0x001d } as const;

/** The better first: X25519 is the cheaper one for the guest. */
export const preferredGroups: readonly number[] = [group.x25519, group.p256];

const uncompressedPoint = { tag: 4, bytes: 65 } as const;

/** Raises TlsError for a share that is none. */
export function exchangeKeys(groupId: number, share: Uint8Array): KeyExchange {
  try {
    if (groupId === group.x25519) {
      const key = x25519.utils.randomSecretKey();
      return { share: x25519.getPublicKey(key), secret: x25519.getSharedSecret(key, share) };
    }
    if (share.length !== uncompressedPoint.bytes || share[0] !== uncompressedPoint.tag) throw new RangeError('not an uncompressed point');
    const key = p256.utils.randomSecretKey();
    return { share: p256.getPublicKey(key, false), secret: p256.getSharedSecret(key, share, true).subarray(1) };
  } catch {
    // The curves refuse points that are not on them and secrets that are zero.
    throw new TlsError('illegalParameter', 'the key share is not valid');
  }
}
