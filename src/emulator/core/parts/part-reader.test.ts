import { bytesToHex } from '@noble/hashes/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { expect, it } from 'vitest';
import { createPartReader, type BlockingRead } from './part-reader.ts';

const content = Uint8Array.of(1, 2, 3);
const part = { path: 'memory/a.zst', bytes: 3, sha256: bytesToHex(sha256(content)) };

/** Plays one answer after the other and notes what the reader says. */
function setUp(answers: readonly (Uint8Array | Error)[]) {
  const said: string[] = [];
  const asked: boolean[] = [];
  let next = 0;
  const read: BlockingRead = (_, fresh) => {
    asked.push(fresh);
    const answer = answers[next++];
    if (answer instanceof Uint8Array) return answer;
    throw answer ?? new Error('asked too often');
  };
  const reader = createPartReader({ read, pause: () => undefined, onTrouble: (error) => said.push(error.kind), onRecovered: () => said.push('recovered') });
  return { reader, said, asked };
}

it('gives a part that has its hash', () => {
  const { reader, said } = setUp([content]);
  expect(reader(part)).toEqual(content);
  expect(said).toEqual([]);
});

it('does not speak of a single failure', () => {
  const { reader, said } = setUp([new Error('reset'), content]);
  expect(reader(part)).toEqual(content);
  expect(said).toEqual([]);
});

it('tells its trouble, goes on trying, and tells when it is over', () => {
  const { reader, said } = setUp([new Error('offline'), new Error('offline'), new Error('offline'), content]);
  expect(reader(part)).toEqual(content);
  expect(said).toEqual(['part-download-failed', 'part-download-failed', 'recovered']);
});

it('asks past the caches after a damaged part', () => {
  const { reader, asked, said } = setUp([Uint8Array.of(9), Uint8Array.of(9), content]);
  expect(reader(part)).toEqual(content);
  expect(asked).toEqual([false, true, true]);
  expect(said).toEqual(['part-corrupt', 'recovered']);
});
