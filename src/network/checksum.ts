/** The Internet checksum (RFC 1071): ones' complement of the ones' complement sum of 16-bit words. */

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

export function internetChecksum(...pieces: readonly Uint8Array[]): number {
  // Every piece but the last has an even length, so that words do not straddle pieces.
  let sum = 0;
  for (const piece of pieces) sum += wordSum(piece);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

/** The sum is independent of the byte order but for its own (RFC 1071, 2B): whole words are added as the processor has them. */
function wordSum(bytes: Uint8Array): number {
  const { length } = bytes;
  let sum = 0;
  if (!littleEndian || (bytes.byteOffset & 1) !== 0) {
    for (let at = 0; at < length; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    return sum;
  }
  const words = new Uint16Array(bytes.buffer, bytes.byteOffset, length >>> 1);
  for (let index = 0; index < words.length; index += 1) sum += words[index] ?? 0;
  if ((length & 1) !== 0) sum += bytes[length - 1] ?? 0;
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ((sum & 0xff) << 8) | (sum >>> 8);
}
