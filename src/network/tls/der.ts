/** The little of ASN.1's distinguished encoding (X.690) that certificates need. */
import { concatBytes, encodeUtf8 } from '../../shared/bytes.ts';

export type Der = Uint8Array<ArrayBuffer>;

const tags = { boolean: 0x01, integer: 0x02, bitString: 0x03, octetString: 0x04, objectId: 0x06, utf8String: 0x0c, utcTime: 0x17, generalizedTime: 0x18, sequence: 0x30, set: 0x31 } as const;

function element(tag: number, ...content: readonly Uint8Array[]): Der {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  return concatBytes([Uint8Array.of(tag), lengthOf(length), ...content]);
}

function lengthOf(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Uint8Array.of(0x80 | bytes.length, ...bytes);
}

export const der = {
  sequence: (...items: readonly Uint8Array[]): Der => element(tags.sequence, ...items),
  set: (...items: readonly Uint8Array[]): Der => element(tags.set, ...items),
  true: (): Der => element(tags.boolean, Uint8Array.of(0xff)),
  octetString: (bytes: Uint8Array): Der => element(tags.octetString, bytes),
  utf8String: (text: string): Der => element(tags.utf8String, encodeUtf8(text)),
  /** @param unusedBits at the end of the last byte */
  bitString: (bytes: Uint8Array, unusedBits = 0): Der => element(tags.bitString, Uint8Array.of(unusedBits), bytes),
  /** Of a positive number, highest byte first. */
  integer(bytes: Uint8Array): Der {
    const start = bytes.findIndex((byte) => byte !== 0);
    const digits = start < 0 ? Uint8Array.of(0) : bytes.subarray(start);
    return element(tags.integer, ...((digits[0] ?? 0) >= 0x80 ? [Uint8Array.of(0)] : []), digits);
  },
  /** @param text such as `1.2.840.10045.2.1` */
  objectId(text: string): Der {
    const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
    return element(tags.objectId, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
  },
  /** As RFC 5280 wants it: two digits of the year before 2050, four later. */
  time(date: Date): Der {
    const digits = `${date.toISOString().replace(/\.\d+Z$/, 'Z').replaceAll(/[-:T]/g, '')}`;
    return date.getUTCFullYear() < 2050 ? element(tags.utcTime, encodeUtf8(digits.slice(2))) : element(tags.generalizedTime, encodeUtf8(digits));
  },
  /** [n] around whole elements. */
  explicit: (tag: number, content: Uint8Array): Der => element(0xa0 | tag, content),
  /** [n] in place of a primitive element's own tag. */
  implicit: (tag: number, content: Uint8Array): Der => element(0x80 | tag, content),
} as const;

function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes.unshift(0x80 | (rest & 0x7f));
  return bytes;
}

/** The elements in a constructed one, each with its tag and length. Throws a `RangeError` for broken ones. */
export function derChildren(bytes: Uint8Array): Uint8Array[] {
  const children: Uint8Array[] = [];
  let { start: at, end } = contentOf(bytes, 0);
  while (at < end) {
    const child = contentOf(bytes, at);
    children.push(bytes.subarray(at, child.end));
    at = child.end;
  }
  if (at !== end) throw new RangeError('an element reaches out of the one around it');
  return children;
}

function contentOf(bytes: Uint8Array, at: number): { start: number; end: number } {
  const first = bytes[at + 1] ?? 0;
  let length = first;
  let start = at + 2;
  if (first >= 0x80) {
    length = 0;
    for (const end = start + (first & 0x7f); start < end; start++) length = length * 256 + (bytes[start] ?? 0);
  }
  if (start + length > bytes.length) throw new RangeError('an element ends early');
  return { start, end: start + length };
}
