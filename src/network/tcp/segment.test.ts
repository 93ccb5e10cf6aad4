import { describe, expect, it } from 'vitest';
import { parseIpv4 } from '../address.ts';
import { hex } from '../testing/bytes.ts';
import { randomFrom } from '../testing/random.ts';
import { positionNear, sequenceOf } from './position.ts';
import { buildSegment, flag, parseSegment, resetFor, type Segment } from './segment.ts';

const [a, b] = [parseIpv4('10.0.2.15'), parseIpv4('10.0.2.20')];
/** A SYN of Linux to port 80: maximum segment size 1460, SACK permitted, timestamps, window scale 7. */
const linuxSyn = hex('c3 50 00 50 11 22 33 44 00 00 00 00 a0 02 fa f0 33 b3 00 00 02 04 05 b4 04 02 08 0a 00 00 00 01 00 00 00 00 01 03 03 07');

function sealed(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy.set([0, 0], 16);
  let sum = (a >>> 16) + (a & 0xffff) + (b >>> 16) + (b & 0xffff) + 6 + copy.length;
  for (let at = 0; at < copy.length; at += 2) sum += (copy[at] ?? 0) * 256 + (copy[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  copy.set([(sum >> 8) ^ 0xff, (sum & 0xff) ^ 0xff], 16);
  return copy;
}

describe('segments', () => {
  it('are read, with the options that matter', () => {
    expect(parseSegment(sealed(linuxSyn), a, b)).toEqual({
      sourcePort: 50_000,
      destinationPort: 80,
      sequence: 0x11223344,
      acknowledgement: 0,
      flags: flag.syn,
      window: 0xfaf0,
      payload: new Uint8Array(),
      maximumSegment: 1460,
      windowScale: 7,
    });
  });

  it('are thrown away when damaged or cut short', () => {
    const segment = sealed(linuxSyn);
    for (let at = 0; at < segment.length; at += 1) {
      const damaged = Uint8Array.from(segment);
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      expect(parseSegment(damaged, a, b)).toBeUndefined();
    }
    for (let length = 0; length < segment.length; length += 1) expect(parseSegment(segment.subarray(0, length), a, b)).toBeUndefined();
    expect(parseSegment(segment, a, a)).toBeUndefined();
  });

  it('survive options that make no sense', () => {
    for (const options of ['02 00 00 00', '02 ff 00 00', '03 02 00 00', '01 01 01 03', '00 02 04 05']) {
      const bytes = Uint8Array.from([...linuxSyn.subarray(0, 12), 0x60, 2, ...linuxSyn.subarray(14, 20), ...hex(options)]);
      const segment = parseSegment(sealed(bytes), a, b);
      expect(segment?.flags).toBe(flag.syn);
      expect([segment?.maximumSegment, segment?.windowScale]).toEqual([undefined, undefined]);
    }
  });

  it('are written as they are read', () => {
    const random = randomFrom(3);
    for (let round = 0; round < 200; round += 1) {
      const flags = random.below(32);
      const segment: Segment = {
        sourcePort: random.below(65_536),
        destinationPort: random.below(65_536),
        sequence: random.below(0x1_0000_0000),
        acknowledgement: random.below(0x1_0000_0000),
        flags,
        window: random.below(65_536),
        payload: random.bytes(random.below(100)),
        ...((flags & flag.syn) !== 0 && { maximumSegment: random.below(65_536), windowScale: random.below(15) }),
      };
      expect(parseSegment(buildSegment(segment, a, b), a, b)).toEqual(segment);
    }
  });

  it('are answered by a reset with the numbers that the other side accepts', () => {
    const segment: Segment = { sourcePort: 1, destinationPort: 2, sequence: 0xffff_ffff, acknowledgement: 77, flags: flag.syn | flag.fin, window: 9, payload: new Uint8Array(3) };
    expect(resetFor(segment)).toMatchObject({ sourcePort: 2, destinationPort: 1, sequence: 0, acknowledgement: 4, flags: flag.reset | flag.acknowledge });
    expect(resetFor({ ...segment, flags: flag.acknowledge })).toMatchObject({ sequence: 77, acknowledgement: 0, flags: flag.reset });
    expect(resetFor({ ...segment, flags: flag.reset })).toBeUndefined();
  });
});

it('positions go on where sequence numbers wrap', () => {
  const near = 0x1_0000_0000 * 5 - 10;
  expect(positionNear(sequenceOf(near + 20), near)).toBe(near + 20);
  expect(positionNear(sequenceOf(near - 20), near)).toBe(near - 20);
  expect(sequenceOf(near + 20)).toBe(10);
});
