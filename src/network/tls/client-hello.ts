/** A client's first message (RFC 8446, 4.1.2): what it can, and what it wants. */
import { decodeUtf8 } from '../../shared/bytes.ts';
import { TlsError } from './alert.ts';
import { WireReader } from './wire.ts';

export const extensionType = {
  serverName: 0,
  supportedGroups: 10,
  signatureAlgorithms: 13,
  applicationProtocols: 16,
  preSharedKey: 41,
  supportedVersions: 43,
  keyShare: 51,
} as const;

export const tls13 = 0x0304;

export interface ClientHello {
  readonly sessionId: Uint8Array;
  readonly cipherSuites: readonly number[];
  readonly groups: readonly number[];
  /** By group. */
  readonly keyShares: ReadonlyMap<number, Uint8Array>;
  readonly signatureSchemes: readonly number[];
  /** In lower case; `undefined` when the client connects to an address. */
  readonly serverName: string | undefined;
  /** ALPN, best first; `undefined` when the client does not say. */
  readonly protocols: readonly string[] | undefined;
}

/** @param body of the handshake message. Raises TlsError. */
export function parseClientHello(body: Uint8Array): ClientHello {
  const reader = new WireReader(body);
  reader.number(2);
  reader.bytes(32);
  const sessionId = reader.vector(1).rest();
  if (sessionId.length > 32) throw new TlsError('decodeError', 'the session id is too long');
  const cipherSuites = reader.vector(2).all((item) => item.number(2));
  const compression = reader.vector(1).rest();
  const extensions = reader.remaining > 0 ? parseExtensions(reader.vector(2)) : new Map<number, WireReader>();
  reader.end();
  const versions = extensions.get(extensionType.supportedVersions)?.vector(1).all((item) => item.number(2)) ?? [];
  if (!versions.includes(tls13)) throw new TlsError('protocolVersion', 'the client does not speak TLS 1.3');
  if (compression.length !== 1 || compression[0] !== 0) throw new TlsError('illegalParameter', 'the client wants compression');
  return {
    sessionId,
    cipherSuites,
    groups: required(extensions, extensionType.supportedGroups).vector(2).all((item) => item.number(2)),
    keyShares: parseKeyShares(required(extensions, extensionType.keyShare)),
    signatureSchemes: required(extensions, extensionType.signatureAlgorithms).vector(2).all((item) => item.number(2)),
    serverName: parseServerName(extensions.get(extensionType.serverName)),
    protocols: extensions.get(extensionType.applicationProtocols)?.vector(2).all((item) => decodeUtf8(item.vector(1).rest())),
  };
}

function parseExtensions(reader: WireReader): Map<number, WireReader> {
  const extensions = new Map<number, WireReader>();
  let last: number | undefined;
  while (reader.remaining > 0) {
    last = reader.number(2);
    if (extensions.has(last)) throw new TlsError('illegalParameter', `the extension ${last} is there twice`);
    extensions.set(last, reader.vector(2));
  }
  if (extensions.has(extensionType.preSharedKey) && last !== extensionType.preSharedKey) throw new TlsError('illegalParameter', 'pre_shared_key is not the last extension');
  return extensions;
}

function required(extensions: ReadonlyMap<number, WireReader>, type: number): WireReader {
  const extension = extensions.get(type);
  if (extension === undefined) throw new TlsError('missingExtension', `the extension ${type} is missing`);
  return extension;
}

function parseKeyShares(extension: WireReader): Map<number, Uint8Array> {
  const shares = new Map<number, Uint8Array>();
  for (const [group, share] of extension.vector(2).all((item) => [item.number(2), item.vector(2).rest()] as const)) {
    if (shares.has(group)) throw new TlsError('illegalParameter', `two key shares of the group ${group}`);
    shares.set(group, share);
  }
  return shares;
}

function parseServerName(extension: WireReader | undefined): string | undefined {
  const names = extension?.vector(2).all((item) => ({ type: item.number(1), name: decodeUtf8(item.vector(2).rest()) }));
  return names?.find(({ type }) => type === 0)?.name.toLowerCase();
}
