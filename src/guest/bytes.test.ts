import { expect, it } from 'vitest';
import { ByteReader, ByteWriter } from './bytes.ts';

it('grows in front of every kind of value', () => {
  for (let filled = 0; filled < 600; filled++) {
    const reader = new ByteReader(new ByteWriter().bytes(new Uint8Array(filled)).u8(7).u16(600).u32(70_000).u64(2 ** 40).i32(-5).string('x'.repeat(700)).finish());
    reader.bytes(filled);
    expect([reader.u8(), reader.u16(), reader.u32(), reader.u64(), reader.i32(), reader.string().length]).toEqual([7, 600, 70_000, 2 ** 40, -5, 700]);
  }
});
