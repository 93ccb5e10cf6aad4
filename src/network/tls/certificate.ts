/** X.509 certificates (RFC 5280) on P-256: an authority's own, those that it signs for hosts, and one that signs itself. */
import { p256 } from '@noble/curves/nist.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { encodeUtf8 } from '../../shared/bytes.ts';
import { parseIpv4 } from '../address.ts';
import { der, derChildren, type Der } from './der.ts';

export interface Validity {
  readonly from: Date;
  readonly to: Date;
}

export interface AuthorityFields extends Validity {
  readonly organization: string;
  readonly commonName: string;
  /** 32 bytes. */
  readonly privateKey: Uint8Array;
  /** Up to 20 bytes, not all zero. */
  readonly serial: Uint8Array;
}

export interface HostFields extends Validity {
  /** DNS names and dotted IPv4 addresses; the first is the common name too. */
  readonly names: readonly string[];
  /** Uncompressed point. */
  readonly publicKey: Uint8Array;
  readonly serial: Uint8Array;
}

export interface Issuer {
  /** DER. */
  readonly certificate: Uint8Array;
  readonly privateKey: Uint8Array;
}

const id = {
  ecPublicKey: '1.2.840.10045.2.1',
  p256: '1.2.840.10045.3.1.7',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  organization: '2.5.4.10',
  commonName: '2.5.4.3',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAlternativeName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuthentication: '1.3.6.1.5.5.7.3.1',
} as const;

const critical = true;
const alternativeName = { dns: 2, address: 7 } as const;
const algorithm = der.sequence(der.objectId(id.ecdsaWithSha256));

/** A root that signs itself and may sign hosts, not other authorities. The same fields always give the same bytes. */
export function authorityCertificate(fields: AuthorityFields): Der {
  const publicKey = p256.getPublicKey(fields.privateKey, false);
  const name = der.sequence(attribute(id.organization, fields.organization), attribute(id.commonName, fields.commonName));
  return signed(fields.privateKey, {
    ...fields,
    issuer: name,
    subject: name,
    publicKey,
    extensions: [
      extension(id.basicConstraints, der.sequence(der.true(), der.integer(Uint8Array.of(0))), critical),
      // keyCertSign and cRLSign
      extension(id.keyUsage, der.bitString(Uint8Array.of(0b0000_0110), 1), critical),
      extension(id.subjectKeyIdentifier, der.octetString(keyIdentifier(publicKey))),
    ],
  });
}

/** A certificate for a server, signed by the authority. */
export function hostCertificate(issuer: Issuer, fields: HostFields): Der {
  const [commonName = ''] = fields.names;
  return signed(issuer.privateKey, {
    ...fields,
    issuer: subjectOf(issuer.certificate),
    subject: der.sequence(attribute(id.commonName, commonName)),
    extensions: [
      extension(id.basicConstraints, der.sequence(), critical),
      // digitalSignature
      extension(id.keyUsage, der.bitString(Uint8Array.of(0b1000_0000), 7), critical),
      extension(id.extendedKeyUsage, der.sequence(der.objectId(id.serverAuthentication))),
      extension(id.subjectKeyIdentifier, der.octetString(keyIdentifier(fields.publicKey))),
      extension(id.authorityKeyIdentifier, der.sequence(der.implicit(0, keyIdentifier(p256.getPublicKey(issuer.privateKey, false))))),
      extension(id.subjectAlternativeName, der.sequence(...fields.names.map(alternative))),
    ],
  });
}

/** A certificate for a server that nobody vouches for, as `openssl req -x509` makes one. */
export function selfSignedCertificate(privateKey: Uint8Array, fields: Omit<HostFields, 'publicKey'>): Der {
  const publicKey = p256.getPublicKey(privateKey, false);
  const name = der.sequence(attribute(id.commonName, fields.names[0] ?? ''));
  return signed(privateKey, {
    ...fields,
    publicKey,
    issuer: name,
    subject: name,
    extensions: [
      extension(id.basicConstraints, der.sequence(der.true()), critical),
      // digitalSignature and keyCertSign
      extension(id.keyUsage, der.bitString(Uint8Array.of(0b1000_0100), 2), critical),
      extension(id.extendedKeyUsage, der.sequence(der.objectId(id.serverAuthentication))),
      extension(id.subjectKeyIdentifier, der.octetString(keyIdentifier(publicKey))),
      extension(id.subjectAlternativeName, der.sequence(...fields.names.map(alternative))),
    ],
  });
}

/** A private key as OpenSSL writes it in an `EC PRIVATE KEY` (RFC 5915). */
export function privateKeyDer(privateKey: Uint8Array): Der {
  return der.sequence(
    der.integer(Uint8Array.of(1)),
    der.octetString(privateKey),
    der.explicit(0, der.objectId(id.p256)),
    der.explicit(1, der.bitString(p256.getPublicKey(privateKey, false))),
  );
}

interface Unsigned extends Validity {
  readonly serial: Uint8Array;
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly extensions: readonly Uint8Array[];
}

function signed(privateKey: Uint8Array, fields: Unsigned): Der {
  const content = der.sequence(
    der.explicit(0, der.integer(Uint8Array.of(2))),
    der.integer(fields.serial),
    algorithm,
    fields.issuer,
    der.sequence(der.time(fields.from), der.time(fields.to)),
    fields.subject,
    der.sequence(der.sequence(der.objectId(id.ecPublicKey), der.objectId(id.p256)), der.bitString(fields.publicKey)),
    der.explicit(3, der.sequence(...fields.extensions)),
  );
  // RFC 6979: no randomness in the signature.
  return der.sequence(content, algorithm, der.bitString(p256.sign(content, privateKey, { format: 'der' })));
}

function attribute(type: string, value: string): Der {
  return der.set(der.sequence(der.objectId(type), der.utf8String(value)));
}

function extension(type: string, value: Uint8Array, isCritical = false): Der {
  return der.sequence(der.objectId(type), ...(isCritical ? [der.true()] : []), der.octetString(value));
}

function alternative(name: string): Der {
  if (!/^[0-9.]+$/.test(name)) return der.implicit(alternativeName.dns, encodeUtf8(name));
  const address = parseIpv4(name);
  return der.implicit(alternativeName.address, Uint8Array.from([24, 16, 8, 0], (shift) => (address >>> shift) & 0xff));
}

/** As RFC 5280, 4.2.1.2 proposes: a name for the key, not a safeguard. */
function keyIdentifier(publicKey: Uint8Array): Uint8Array {
  return sha1(publicKey);
}

/** The subject of a certificate, as its issuer must write it. */
function subjectOf(certificate: Uint8Array): Uint8Array {
  const [content = new Uint8Array(0)] = derChildren(certificate);
  // version, serial, algorithm, issuer, validity, subject
  const subject = derChildren(content)[5];
  if (subject === undefined) throw new RangeError('the certificate has no subject');
  return subject;
}
