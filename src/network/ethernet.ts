/** Ethernet II frames. */
import type { Frame } from './attach.ts';

const headerBytes = 14;

export const etherType = { ipv4: 0x0800, arp: 0x0806 } as const;

export const broadcastMac = Uint8Array.of(255, 255, 255, 255, 255, 255);

export interface EthernetFrame {
  destination: Uint8Array;
  source: Uint8Array;
  type: number;
  payload: Uint8Array;
}

/** `undefined` if the frame is too short to be one. */
export function parseEthernet(frame: Uint8Array): EthernetFrame | undefined {
  if (frame.length < headerBytes) return undefined;
  return {
    destination: frame.subarray(0, 6),
    source: frame.subarray(6, 12),
    type: new DataView(frame.buffer, frame.byteOffset).getUint16(12),
    payload: frame.subarray(headerBytes),
  };
}

export function buildEthernet({ destination, source, type, payload }: EthernetFrame): Frame {
  const frame = new Uint8Array(headerBytes + payload.length);
  frame.set(destination, 0);
  frame.set(source, 6);
  new DataView(frame.buffer).setUint16(12, type);
  frame.set(payload, headerBytes);
  return frame;
}

/** Broadcast and multicast: the lowest bit of the first byte. */
export function isGroupAddress(mac: Uint8Array): boolean {
  return ((mac[0] ?? 0) & 1) === 1;
}
