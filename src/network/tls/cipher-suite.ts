/** The cipher suites of TLS 1.3 that this server speaks, and the keys of one direction. */
import { gcm } from '@noble/ciphers/aes.js';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { expandLabel, hashBytes } from './key-schedule.ts';

export interface CipherSuite {
  readonly id: number;
  readonly keyBytes: number;
  readonly cipher: (key: Uint8Array, nonce: Uint8Array, additional: Uint8Array) => Aead;
}

interface Aead {
  encrypt(plaintext: Uint8Array): Uint8Array;
  /** Throws when the tag is wrong. */
  decrypt(ciphertext: Uint8Array): Uint8Array;
}

export const tagBytes = 16;
const nonceBytes = 12;

/**
 * ChaCha20 first: neither the guest's 32-bit programs nor the page have AES in hardware, where it costs several times as
 * much. Both hash with SHA-256.
 */
export const cipherSuites: readonly CipherSuite[] = [
  { id: 0x1303, keyBytes: 32, cipher: chacha20poly1305 },
  { id: 0x1301, keyBytes: 16, cipher: gcm },
];

/** Seals or opens the records of one direction, one after the other. */
export class TrafficKeys {
  readonly #suite: CipherSuite;
  #secret: Uint8Array;
  #key: Uint8Array;
  #iv: Uint8Array;
  #sequence = 0;

  constructor(suite: CipherSuite, secret: Uint8Array) {
    this.#suite = suite;
    this.#secret = secret;
    [this.#key, this.#iv] = this.#derive();
  }

  seal(plaintext: Uint8Array, additional: Uint8Array): Uint8Array {
    return this.#next(additional).encrypt(plaintext);
  }

  /** Throws when the tag is wrong. */
  open(ciphertext: Uint8Array, additional: Uint8Array): Uint8Array {
    return this.#next(additional).decrypt(ciphertext);
  }

  /** Goes on with the next keys (RFC 8446, 7.2). */
  update(): void {
    this.#secret = expandLabel(this.#secret, 'traffic upd', new Uint8Array(0), hashBytes);
    [this.#key, this.#iv] = this.#derive();
    this.#sequence = 0;
  }

  #derive(): [Uint8Array, Uint8Array] {
    const none = new Uint8Array(0);
    return [expandLabel(this.#secret, 'key', none, this.#suite.keyBytes), expandLabel(this.#secret, 'iv', none, nonceBytes)];
  }

  #next(additional: Uint8Array): Aead {
    const nonce = this.#iv.slice();
    const view = new DataView(nonce.buffer);
    view.setUint32(4, view.getUint32(4) ^ Math.floor(this.#sequence / 2 ** 32));
    view.setUint32(8, view.getUint32(8) ^ this.#sequence);
    this.#sequence++;
    return this.#suite.cipher(this.#key, nonce, additional);
  }
}
