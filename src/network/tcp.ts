/** Of TCP only the refusal: the answer to a segment for a port where nobody listens (RFC 9293, 3.10.7.1). */
import { internetChecksum } from './checksum.ts';
import { protocol, pseudoHeader } from './ipv4.ts';

const headerBytes = 20;
const flag = { fin: 0x01, syn: 0x02, reset: 0x04, acknowledge: 0x10 } as const;

/** `undefined` if nothing is to be sent: for a reset, or for what is cut short. The addresses are those of the refusal. */
export function refuseSegment(segment: Uint8Array, source: number, destination: number): Uint8Array<ArrayBuffer> | undefined {
  if (segment.length < headerBytes) return undefined;
  const view = new DataView(segment.buffer, segment.byteOffset, segment.length);
  const flags = view.getUint8(13);
  const dataOffset = (view.getUint8(12) >>> 4) * 4;
  if ((flags & flag.reset) !== 0 || dataOffset < headerBytes || dataOffset > segment.length) return undefined;
  const answer = new Uint8Array(headerBytes);
  const out = new DataView(answer.buffer);
  out.setUint16(0, view.getUint16(2));
  out.setUint16(2, view.getUint16(0));
  out.setUint8(12, (headerBytes / 4) << 4);
  if ((flags & flag.acknowledge) !== 0) {
    out.setUint32(4, view.getUint32(8));
    out.setUint8(13, flag.reset);
  } else {
    const length = segment.length - dataOffset + ((flags & flag.syn) !== 0 ? 1 : 0) + ((flags & flag.fin) !== 0 ? 1 : 0);
    out.setUint32(8, (view.getUint32(4) + length) >>> 0);
    out.setUint8(13, flag.reset | flag.acknowledge);
  }
  out.setUint16(16, internetChecksum(pseudoHeader(source, destination, protocol.tcp, headerBytes), answer));
  return answer;
}
