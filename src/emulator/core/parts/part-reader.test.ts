import { bytesToHex } from '@noble/hashes/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { expect, it } from 'vitest';
import { createPartReader, type BlockingRead } from './part-reader.ts';

const content = Uint8Array.of(1, 2, 3);
const part = { path: 'memory/a.zst', bytes: 3, sha256: bytesToHex(sha256(content)) };

/** An attempt of which nothing comes until its time is over. */
const stalls = 'stalls';

/** Plays one answer after the other, each after so many milliseconds, and notes when the reader says what. */
function setUp(answers: readonly (Uint8Array | Error | typeof stalls)[], milliseconds = 0) {
  const said: string[] = [];
  const asked: boolean[] = [];
  let time = 0;
  let next = 0;
  /** For so long at most the page hears nothing, pauses apart, and since when it does. */
  let promised = 0;
  let heard = 0;
  const hear = (): void => {
    expect(time - heard).toBeLessThanOrEqual(promised + 1000);
    heard = time;
  };
  const read: BlockingRead = (_, limits) => {
    asked.push(limits.fresh);
    const answer = answers[next++];
    time += answer === stalls ? limits.milliseconds : milliseconds;
    if (answer instanceof Uint8Array) return answer;
    throw answer === stalls ? new Error('timed out') : (answer ?? new Error('asked too often'));
  };
  const reader = createPartReader({
    read,
    pause: (length) => void (time += length),
    now: () => time,
    onSilence(limit) {
      hear();
      promised = limit;
    },
    onTrouble(error) {
      hear();
      said.push(`${time} ${error.kind}`);
    },
    onRecovered: () => said.push(`${time} recovered`),
  });
  return { reader, said, asked };
}

it('gives a part that has its hash', () => {
  const { reader, said } = setUp([content]);
  expect(reader(part)).toEqual(content);
  expect(said).toEqual([]);
});

it('does not speak of a single failure that came soon', () => {
  const { reader, said } = setUp([new Error('reset'), content], 100);
  expect(reader(part)).toEqual(content);
  expect(said).toEqual([]);
});

it('tells its trouble, goes on trying, and tells when it is over', () => {
  const { reader, said } = setUp([new Error('offline'), new Error('offline'), new Error('offline'), content]);
  expect(reader(part)).toEqual(content);
  expect(said).toEqual(['1000 part-download-failed', '2000 part-download-failed', '3000 recovered']);
});

it('tells of a line that has died at the first attempt, gives each one more time, and never is silent for longer than it said', () => {
  const { reader, said } = setUp([stalls, stalls, stalls, stalls, stalls, content]);
  expect(reader(part)).toEqual(content);
  expect(said).toEqual([
    '5000 part-download-failed',
    '16000 part-download-failed',
    '37000 part-download-failed',
    '78000 part-download-failed',
    '119000 part-download-failed',
    '120000 recovered',
  ]);
});

it('asks past the caches after a damaged part', () => {
  const { reader, asked, said } = setUp([Uint8Array.of(9), Uint8Array.of(9), content]);
  expect(reader(part)).toEqual(content);
  expect(asked).toEqual([false, true, true]);
  expect(said).toEqual(['1000 part-corrupt', '2000 recovered']);
});
