/** UDP datagrams (RFC 768). */
import { internetChecksum } from './checksum.ts';
import { protocol, pseudoHeader } from './ipv4.ts';

const headerBytes = 8;

export interface Datagram {
  sourcePort: number;
  destinationPort: number;
  payload: Uint8Array;
}

/** `undefined` if it is cut short. The checksum is not looked at: there is no wire that could damage it. */
export function parseDatagram(bytes: Uint8Array): Datagram | undefined {
  if (bytes.length < headerBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = view.getUint16(4);
  if (length < headerBytes || length > bytes.length) return undefined;
  return { sourcePort: view.getUint16(0), destinationPort: view.getUint16(2), payload: bytes.subarray(headerBytes, length) };
}

/** `source` and `destination` are the IPv4 addresses, which the checksum covers. */
export function buildDatagram(datagram: Datagram, source: number, destination: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(headerBytes + datagram.payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, datagram.sourcePort);
  view.setUint16(2, datagram.destinationPort);
  view.setUint16(4, bytes.length);
  bytes.set(datagram.payload, headerBytes);
  const checksum = internetChecksum(pseudoHeader(source, destination, protocol.udp, bytes.length), bytes);
  // 0 would mean "no checksum".
  view.setUint16(6, checksum === 0 ? 0xffff : checksum);
  return bytes;
}
