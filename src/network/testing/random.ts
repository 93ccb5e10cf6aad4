/** Repeatable randomness for property tests (xorshift, 32 bits). */

export interface Random {
  /** An integer from 0 up to, but not including, the bound. */
  below(bound: number): number;
  chance(probability: number): boolean;
  bytes(length: number): Uint8Array<ArrayBuffer>;
}

export function randomFrom(seed: number): Random {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  return {
    below: (bound) => next() % bound,
    chance: (probability) => next() < probability * 0x1_0000_0000,
    bytes: (length) => Uint8Array.from({ length }, () => next() & 0xff),
  };
}
