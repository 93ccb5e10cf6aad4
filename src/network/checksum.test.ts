import { expect, it } from 'vitest';
import { internetChecksum } from './checksum.ts';
import { hex } from './testing/bytes.ts';

it('sums the example of RFC 1071', () => {
  expect(internetChecksum(hex('00 01 f2 03 f4 f5 f6 f7'))).toBe(0xffff - 0xddf2);
});

it('pads an odd length with a zero and adds the carries back', () => {
  expect(internetChecksum(hex('ff ff ff ff 01'))).toBe(0xffff - 0x0100);
});

it('takes pieces as one sequence', () => {
  expect(internetChecksum(hex('00 01 f2 03'), hex('f4 f5 f6 f7'))).toBe(internetChecksum(hex('00 01 f2 03 f4 f5 f6 f7')));
});
