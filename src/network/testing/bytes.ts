/** Bytes of a packet written as in a capture: hex digits with any white space. */
export function hex(text: string): Uint8Array<ArrayBuffer> {
  const digits = text.replace(/\s+/g, '');
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) => Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16));
}

/** The sum of all 16-bit words with the carries added back, without the complement: 0xffff for an undamaged packet. */
export function onesSum(bytes: Uint8Array): number {
  let sum = 0n;
  for (let at = 0; at < bytes.length; at += 2) sum += BigInt((bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0));
  while (sum > 0xffffn) sum = (sum % 0x10000n) + sum / 0x10000n;
  return Number(sum);
}
