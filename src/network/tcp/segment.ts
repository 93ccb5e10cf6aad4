/** TCP segments as they travel (RFC 9293, 3.1), with the two options used here: maximum segment size and window scale. */
import { internetChecksum } from '../checksum.ts';
import { protocol, pseudoHeader } from '../ipv4.ts';

const headerBytes = 20;
const option = { end: 0, none: 1, maximumSegment: 2, windowScale: 3 } as const;
/** RFC 7323, 2.3: larger ones count as this. */
export const maximumWindowScale = 14;

export const flag = { fin: 0x01, syn: 0x02, reset: 0x04, push: 0x08, acknowledge: 0x10 } as const;

export interface Segment {
  sourcePort: number;
  destinationPort: number;
  sequence: number;
  acknowledgement: number;
  flags: number;
  /** As written in the header, unscaled. */
  window: number;
  payload: Uint8Array;
  maximumSegment?: number;
  windowScale?: number;
}

/** Bytes of sequence space that a segment takes. */
export function sequenceLength({ flags, payload }: Segment): number {
  return payload.length + ((flags & flag.syn) !== 0 ? 1 : 0) + ((flags & flag.fin) !== 0 ? 1 : 0);
}

/** `undefined` for what is cut short or damaged. The addresses are those of the packet, which the checksum covers. */
export function parseSegment(bytes: Uint8Array, source: number, destination: number): Segment | undefined {
  if (bytes.length < headerBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const dataOffset = (view.getUint8(12) >>> 4) * 4;
  if (dataOffset < headerBytes || dataOffset > bytes.length) return undefined;
  if (internetChecksum(pseudoHeader(source, destination, protocol.tcp, bytes.length), bytes) !== 0) return undefined;
  const flags = view.getUint8(13);
  return {
    sourcePort: view.getUint16(0),
    destinationPort: view.getUint16(2),
    sequence: view.getUint32(4),
    acknowledgement: view.getUint32(8),
    flags,
    window: view.getUint16(14),
    payload: bytes.subarray(dataOffset),
    ...((flags & flag.syn) !== 0 && parseOptions(bytes.subarray(headerBytes, dataOffset))),
  };
}

function parseOptions(bytes: Uint8Array): Pick<Segment, 'maximumSegment' | 'windowScale'> {
  const result: Pick<Segment, 'maximumSegment' | 'windowScale'> = {};
  let at = 0;
  while (at < bytes.length) {
    const kind = bytes[at];
    if (kind === option.end) break;
    if (kind === option.none) {
      at += 1;
      continue;
    }
    const length = bytes[at + 1] ?? 0;
    if (length < 2 || at + length > bytes.length) break;
    if (kind === option.maximumSegment && length === 4) result.maximumSegment = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    if (kind === option.windowScale && length === 3) result.windowScale = Math.min(bytes[at + 2] ?? 0, maximumWindowScale);
    at += length;
  }
  return result;
}

export function buildSegment(segment: Segment, source: number, destination: number): Uint8Array<ArrayBuffer> {
  const options = buildOptions(segment);
  const dataOffset = headerBytes + options.length;
  const bytes = new Uint8Array(dataOffset + segment.payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, segment.sourcePort);
  view.setUint16(2, segment.destinationPort);
  view.setUint32(4, segment.sequence);
  view.setUint32(8, segment.acknowledgement);
  view.setUint8(12, (dataOffset / 4) << 4);
  view.setUint8(13, segment.flags);
  view.setUint16(14, segment.window);
  bytes.set(options, headerBytes);
  bytes.set(segment.payload, dataOffset);
  view.setUint16(16, internetChecksum(pseudoHeader(source, destination, protocol.tcp, bytes.length), bytes));
  return bytes;
}

function buildOptions({ maximumSegment, windowScale }: Segment): number[] {
  const options: number[] = [];
  if (maximumSegment !== undefined) options.push(option.maximumSegment, 4, maximumSegment >>> 8, maximumSegment & 0xff);
  if (windowScale !== undefined) options.push(option.none, option.windowScale, 3, windowScale);
  return options;
}

/** The reset that answers a segment for a connection that does not exist (3.10.7.1); `undefined` for a reset itself. */
export function resetFor(segment: Segment): Segment | undefined {
  if ((segment.flags & flag.reset) !== 0) return undefined;
  const acknowledged = (segment.flags & flag.acknowledge) !== 0;
  return {
    sourcePort: segment.destinationPort,
    destinationPort: segment.sourcePort,
    sequence: acknowledged ? segment.acknowledgement : 0,
    acknowledgement: acknowledged ? 0 : (segment.sequence + sequenceLength(segment)) >>> 0,
    flags: acknowledged ? flag.reset : flag.reset | flag.acknowledge,
    window: 0,
    payload: new Uint8Array(),
  };
}
