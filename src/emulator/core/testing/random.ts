/** Repeatable random integers for property tests (mulberry32). */
export function randomIntegers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Bytes that follow from the seed. */
export function randomBytes(length: number, seed: number): Uint8Array<ArrayBuffer> {
  const next = randomIntegers(seed);
  return Uint8Array.from({ length }, () => next(256));
}
