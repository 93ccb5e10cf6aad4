import { expect, it } from 'vitest';
import { answerNtp } from './ntp.ts';

const now = Date.UTC(2026, 0, 2, 3, 4, 5, 250);

it('tells the time, and repeats what the client needs to compute his error', () => {
  const question = new Uint8Array(48);
  question[0] = 0x23;
  question.set([1, 2, 3, 4, 5, 6, 7, 8], 40);
  const answer = answerNtp(question, now) ?? new Uint8Array();
  const view = new DataView(answer.buffer);
  expect(answer).toHaveLength(48);
  expect([answer[0], answer[1]]).toEqual([0x24, 1]);
  expect([...answer.subarray(24, 32)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  for (const at of [32, 40]) {
    expect(view.getUint32(at) - 2_208_988_800).toBe(Math.floor(now / 1000));
    expect(view.getUint32(at + 4)).toBe(2 ** 30);
  }
});

it('answers no answer, and nothing that is cut short', () => {
  const answer = new Uint8Array(48);
  answer[0] = 0x24;
  expect(answerNtp(answer, now)).toBeUndefined();
  expect(answerNtp(Uint8Array.of(0x23), now)).toBeUndefined();
});
