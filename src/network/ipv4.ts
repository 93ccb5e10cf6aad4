/** IPv4 packets (RFC 791), whole ones only: fragments are not put together. */
import { internetChecksum } from './checksum.ts';

const headerBytes = 20;
const timeToLive = 64;
/** "More fragments" and the offset. */
const fragmentBits = 0x3fff;

export const protocol = { icmp: 1, tcp: 6, udp: 17 } as const;

export interface Ipv4Header {
  source: number;
  destination: number;
  protocol: number;
  headerBytes: number;
}

export interface Ipv4Packet {
  source: number;
  destination: number;
  protocol: number;
  payload: Uint8Array;
}

export interface ReceivedIpv4 extends Ipv4Header {
  payload: Uint8Array;
  /** The packet as it came, without padding of the frame. */
  raw: Uint8Array;
}

/** The header at the beginning of a packet that may be cut short; `undefined` if it is none. */
export function headerOf(bytes: Uint8Array): Ipv4Header | undefined {
  if (bytes.length < headerBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = (view.getUint8(0) & 0x0f) * 4;
  if (view.getUint8(0) >>> 4 !== 4 || length < headerBytes || length > bytes.length) return undefined;
  return { source: view.getUint32(12), destination: view.getUint32(16), protocol: view.getUint8(9), headerBytes: length };
}

/** `undefined` for anything but a whole, undamaged packet. */
export function parseIpv4Packet(bytes: Uint8Array): ReceivedIpv4 | undefined {
  const header = headerOf(bytes);
  if (header === undefined) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const total = view.getUint16(2);
  if (total < header.headerBytes || total > bytes.length) return undefined;
  if ((view.getUint16(6) & fragmentBits) !== 0) return undefined;
  if (internetChecksum(bytes.subarray(0, header.headerBytes)) !== 0) return undefined;
  return { ...header, payload: bytes.subarray(header.headerBytes, total), raw: bytes.subarray(0, total) };
}

export function buildIpv4Packet(packet: Ipv4Packet): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(headerBytes + packet.payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 0x45);
  view.setUint16(2, bytes.length);
  view.setUint8(8, timeToLive);
  view.setUint8(9, packet.protocol);
  view.setUint32(12, packet.source);
  view.setUint32(16, packet.destination);
  view.setUint16(10, internetChecksum(bytes.subarray(0, headerBytes)));
  bytes.set(packet.payload, headerBytes);
  return bytes;
}

/** The words that TCP and UDP add to their checksum: addresses, protocol and length. */
export function pseudoHeader(source: number, destination: number, protocolNumber: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, source);
  view.setUint32(4, destination);
  view.setUint8(9, protocolNumber);
  view.setUint16(10, length);
  return bytes;
}

/** Addresses of many hosts: multicast, and 255.255.255.255. */
export function isGroupIpv4(address: number): boolean {
  return address >>> 28 === 0xe || address === 0xffffffff;
}
