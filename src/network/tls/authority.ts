/**
 * The lab's own certificate authority, which stands in for the public ones inside the learner's machine.
 *
 * Its private key is no secret: it is published beside the machine's image, because the page signs with it. Nobody but
 * that machine trusts it, and its name says so to who meets it elsewhere. The key is derived from the build, so that the
 * same build gives the same image and no key stands in the repository.
 */
import { p256 } from '@noble/curves/nist.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { concatBytes, encodeUtf8 } from '../../shared/bytes.ts';
import type { PublishedAuthority } from '../../shared/manifest.ts';
import { authorityCertificate, hostCertificate, type Issuer } from './certificate.ts';
import type { TlsCertificate } from './handshake.ts';

const label = encodeUtf8('Drydock certificate authority, version 1\0');
/** Long enough for every copy of a build, and the same in each. */
const validity = { from: new Date('2024-01-01T00:00:00Z'), to: new Date('2049-12-31T23:59:59Z') } as const;
const serialBytes = 16;
const keySeedBytes = 48;
const day = 86_400_000;

/** The authority of a build. The same seed always gives the same one. */
export function deriveAuthority(seed: string): PublishedAuthority {
  const material = (purpose: string) => sha256(concatBytes([label, encodeUtf8(`${purpose}\0${seed}`)]));
  // Longer than a key, so that reducing it to one favours none.
  const privateKey = p256.utils.randomSecretKey(concatBytes([material('key'), material('more of the key')]).slice(0, keySeedBytes));
  const certificate = authorityCertificate({
    organization: 'Drydock (its key is public: trust it nowhere else)',
    commonName: 'Drydock Offline CA',
    privateKey,
    serial: positive(material('serial').slice(0, serialBytes)),
    ...validity,
  });
  return { certificate: bytesToHex(certificate), privateKey: bytesToHex(privateKey) };
}

/** Signs for the hosts of the page, as they are asked for. */
export class Authority {
  readonly #issuer: Issuer;
  readonly #hostKey = p256.utils.randomSecretKey();
  readonly #issued = new Map<string, TlsCertificate>();

  constructor(published: PublishedAuthority) {
    this.#issuer = { certificate: hexToBytes(published.certificate), privateKey: hexToBytes(published.privateKey) };
  }

  /**
   * The certificate of a host. It is made at the first call for the names.
   * @param names DNS names and dotted IPv4 addresses; the first is its own
   */
  certificateFor(names: readonly string[]): TlsCertificate {
    const key = names.join(' ');
    let known = this.#issued.get(key);
    if (known === undefined) {
      const now = Date.now();
      const certificate = hostCertificate(this.#issuer, {
        names,
        publicKey: p256.getPublicKey(this.#hostKey, false),
        serial: positive(crypto.getRandomValues(new Uint8Array(serialBytes))),
        // The guest's clock follows the page's, but a learner may set it.
        from: new Date(now - 30 * day),
        to: new Date(now + 365 * day),
      });
      known = { chain: [certificate], privateKey: this.#hostKey };
      this.#issued.set(key, known);
    }
    return known;
  }
}

/** Sets the highest bits to 01: a positive number of the full length. */
function positive(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte, index) => (index === 0 ? (byte & 0x3f) | 0x40 : byte));
}
