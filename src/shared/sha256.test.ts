import { expect, it } from 'vitest';
import { sha256Hex } from './sha256.ts';

// From FIPS 180-2, appendix B.1.
const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

it('hashes with crypto.subtle', async () => {
  let used = 0;
  const { subtle } = crypto;
  if (subtle === undefined) throw new Error('this test needs a runtime with crypto.subtle');
  const digest: SubtleCrypto['digest'] = (algorithm, data) => {
    used += 1;
    return subtle.digest(algorithm, data);
  };
  expect(await sha256Hex(new TextEncoder().encode('abc'), { digest })).toBe(abc);
  expect(used).toBe(1);
});

it('hashes where crypto.subtle does not exist', async () => {
  const saved = Object.getOwnPropertyDescriptor(globalThis, 'crypto');
  Object.defineProperty(globalThis, 'crypto', { value: {}, configurable: true });
  try {
    expect(await sha256Hex(new TextEncoder().encode('abc'))).toBe(abc);
  } finally {
    if (saved !== undefined) Object.defineProperty(globalThis, 'crypto', saved);
  }
});
