import { beforeEach, expect, test } from 'vitest';
import { Naps } from './naps.ts';

const tick = 4;
let executed = 0;
let naps: Naps;

beforeEach(() => {
  executed = 0;
  naps = new Naps(() => executed);
});

/** So many ticks. @returns the length of the last sleep, in milliseconds */
function ticks(count: number, instructions = 4000): number {
  let slept = 0;
  for (let round = 0; round < count; round++) {
    executed += instructions;
    slept = naps.next(tick);
  }
  return slept;
}

test('several ticks become one after a while without anything to do', () => {
  expect(ticks(5)).toBe(tick);
  expect(ticks(1)).toBe(100);
});

test('work makes every tick count again', () => {
  ticks(20);
  expect(ticks(1, 50_000)).toBe(tick);
  expect(ticks(5)).toBe(tick);
  expect(ticks(1)).toBe(100);
});

test('something from outside does so, too', () => {
  ticks(20);
  naps.disturb();
  expect(ticks(5)).toBe(tick);
});

test('a timer that somebody waits for is in time, and a longer sleep stays as long', () => {
  ticks(20);
  expect(naps.next(1)).toBe(1);
  expect(naps.next(180)).toBe(180);
});
