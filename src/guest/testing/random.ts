/** Repeatable randomness for tests: a failure can be run again. */

/** Integers from 0 to `below` - 1, the same for the same seed (mulberry32). */
export function randomSource(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Pieces of random size, often tiny, that together are the bytes. */
export function splitRandomly(bytes: Uint8Array, random: (below: number) => number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const length = random(3) === 0 ? 1 + random(4) : 1 + random(5000);
    pieces.push(bytes.subarray(offset, offset + length));
    offset += length;
  }
  return pieces;
}
