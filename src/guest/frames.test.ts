import { describe, expect, it } from 'vitest';
import { concatBytes } from './bytes.ts';
import { encodeFrame, type Frame, FrameParser, FrameType, maximumPayload } from './frames.ts';
import { randomSource, splitRandomly } from './testing/random.ts';

describe('encodeFrame', () => {
  it('lays out the header as the protocol says', () => {
    expect([...encodeFrame(0x0102, FrameType.DATA, new Uint8Array([9, 8]))]).toEqual([2, 0, 0, 0, 2, 1, 3, 0, 9, 8]);
  });

  it('refuses a payload that is too large', () => {
    expect(() => encodeFrame(1, FrameType.DATA, new Uint8Array(maximumPayload + 1))).toThrow(RangeError);
  });
});

describe('FrameParser', () => {
  it('finds the same frames however the bytes are cut', () => {
    const random = randomSource(7);
    for (let round = 0; round < 200; round += 1) {
      const sent: Frame[] = Array.from({ length: 1 + random(8) }, () => ({
        channel: random(256),
        type: random(256),
        payload: Uint8Array.from({ length: random(5) === 0 ? 0 : random(300) }, () => random(256)),
      }));
      const bytes = concatBytes(sent.map((frame) => encodeFrame(frame.channel, frame.type, frame.payload)));
      const received: Frame[] = [];
      const parser = new FrameParser((frame) => received.push(frame));
      for (const piece of splitRandomly(bytes, random)) parser.push(piece);
      expect(received).toEqual(sent);
    }
  });

  it('keeps no reference to the bytes it was given', () => {
    const received: Frame[] = [];
    const bytes = encodeFrame(1, FrameType.GUEST_DATA, new Uint8Array([1, 2, 3]));
    new FrameParser((frame) => received.push(frame)).push(bytes);
    bytes.fill(0);
    expect(received[0]?.payload).toEqual(new Uint8Array([1, 2, 3]));
  });

  it('refuses a length beyond the limit and a reserved byte that is set', () => {
    const parser = () => new FrameParser(() => {});
    expect(() => parser().push(new Uint8Array([1, 0x40, 0, 0, 0, 0, 0x83, 0]))).toThrow('DD2001');
    expect(() => parser().push(new Uint8Array([0, 0, 0, 0, 0, 0, 0x83, 1]))).toThrow('DD2001');
  });
});
