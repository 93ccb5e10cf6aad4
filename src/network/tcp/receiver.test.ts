import { describe, expect, it } from 'vitest';
import { randomFrom } from '../testing/random.ts';
import { firstDifference, joined } from '../testing/stacks.ts';
import { Receiver } from './receiver.ts';

const start = 1000;
const receiver = (bufferBytes = 100, segmentBytes = 10): Receiver => new Receiver({ start, bufferBytes, segmentBytes });
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe('Receiver', () => {
  it('puts in order what comes out of order, in pieces that overlap', () => {
    const receiving = receiver();
    expect(receiving.put(start + 2, bytes(2, 3), false)).toBe('ahead');
    expect(receiving.take()).toBeUndefined();
    expect(receiving.put(start + 6, bytes(6), true)).toBe('ahead');
    expect(receiving.put(start, bytes(0, 1, 2), false)).toBe('next');
    expect(receiving.next).toBe(start + 4);
    expect(receiving.put(start + 1, bytes(1, 2), false)).toBe('old');
    expect(receiving.take()).toEqual(bytes(0, 1, 2, 3));
    expect(receiving.ended).toBe(false);
    receiving.put(start + 3, bytes(3, 4, 5, 6), false);
    expect(receiving.take()).toEqual(bytes(4, 5, 6));
    expect(receiving.ended).toBe(true);
    expect(receiving.next).toBe(start + 8);
  });

  it('takes nothing beyond its window', () => {
    const receiving = receiver(4, 1);
    expect(receiving.put(start, bytes(0, 1, 2, 3, 4, 5), false)).toBe('next');
    expect([receiving.next, receiving.window]).toEqual([start + 4, 0]);
    expect(receiving.accepts(start + 4, 1)).toBe(true);
    expect(receiving.accepts(start + 5, 1)).toBe(false);
    expect(receiving.accepts(start + 3, 1)).toBe(false);
    expect(receiving.put(start + 4, bytes(4), false)).toBe('old');
  });

  it('listens to acknowledgements from the edge of its window, where a peer stands that has filled it', () => {
    const receiving = receiver(4, 1);
    receiving.put(start + 1, bytes(1, 2, 3), false);
    expect(receiving.accepts(start + 4, 0)).toBe(true);
    expect(receiving.accepts(start + 5, 0)).toBe(false);
    expect(receiving.accepts(start + 4, 1)).toBe(false);
  });

  it('opens its window by no slivers', () => {
    const receiving = receiver(100, 30);
    receiving.put(start, new Uint8Array(100), false);
    receiving.open();
    expect([receiving.window, receiving.updateDue]).toEqual([0, false]);
    receiving.take();
    expect(receiving.updateDue).toBe(true);
    receiving.open();
    expect([receiving.window, receiving.updateDue]).toEqual([100, false]);
  });

  it('throws away what nobody reads, and goes on', () => {
    const receiving = receiver(10, 2);
    receiving.put(start, bytes(1, 2, 3), false);
    receiving.discard();
    for (let at = 3; at < 1000; at += 5) {
      receiving.open();
      receiving.put(start + at + 2, new Uint8Array(3), false);
      expect(receiving.put(start + at, new Uint8Array(2), false)).toBe('next');
    }
    expect(receiving.take()).toBeUndefined();
    expect(receiving.available).toBe(0);
  });

  it('keeps track of so many gaps and no more', () => {
    const receiving = receiver(10_000, 10);
    for (let gap = 0; gap < 2000; gap += 1) receiving.put(start + 1 + 2 * gap, bytes(gap), false);
    receiving.put(start, new Uint8Array(1), false);
    for (let gap = 0; gap < 1999; gap += 1) receiving.put(start + 2 + 2 * gap, bytes(0), false);
    expect(receiving.next).toBeLessThan(start + 1000);
  });

  it.each([1, 2, 3, 4, 5])('gives every byte once, whatever comes in which order (seed %i)', (seed) => {
    const random = randomFrom(seed);
    const sent = random.bytes(20_000);
    const receiving = receiver(1 + random.below(3000), 1 + random.below(200));
    const taken: Uint8Array[] = [];
    while (!receiving.ended) {
      const at = Math.max(0, receiving.next - start - 50 + random.below(receiving.window + 100));
      const size = random.below(300);
      const piece = sent.subarray(at, at + size);
      const position = start + Math.min(at, sent.length);
      if (receiving.accepts(position, piece.length)) receiving.put(position, piece, at + size >= sent.length);
      receiving.open();
      const more = random.chance(0.5) ? receiving.take() : undefined;
      if (more !== undefined) taken.push(more);
    }
    for (let more = receiving.take(); more !== undefined; more = receiving.take()) taken.push(more);
    expect(firstDifference(joined(taken), sent)).toBe(-1);
  });
});
