import { expect, it } from 'vitest';
import { CodeRecorder } from './code-recorder.ts';

const kernel = 11;
const user = 15;

function record(recorder: CodeRecorder, physical: number, flags: number, instructions: number): void {
  for (let rest = instructions; rest > 0; rest -= 1000) recorder.record(physical, flags, Math.min(rest, 1000));
}

it('lists hot pages, hottest first, with the blocks that matter', () => {
  const recorder = new CodeRecorder();
  record(recorder, 0x5010, kernel, 30_000);
  record(recorder, 0x7020, user, 90_000);
  record(recorder, 0x7008, user, 50_000);
  recorder.record(0x7100, user, 3);
  record(recorder, 0x9000, user, 10_000);
  expect(recorder.hotPages(() => true)).toEqual([
    { page: 7, flags: user, entries: Uint16Array.of(0x008, 0x020) },
    { page: 5, flags: kernel, entries: Uint16Array.of(0x010) },
  ]);
});

it('leaves out pages that are not the same each time, and blocks at the end of a page', () => {
  const recorder = new CodeRecorder();
  record(recorder, 0x5010, kernel, 30_000);
  record(recorder, 0x6ff8, kernel, 30_000);
  expect(recorder.hotPages((page) => page !== 5)).toEqual([]);
});
