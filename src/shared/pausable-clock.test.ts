import { expect, it } from 'vitest';
import { PausableClock } from './pausable-clock.ts';
import { ManualClock } from './testing/manual-clock.ts';

it('lets no time pass while it is stopped', async () => {
  const world = new ManualClock();
  const clock = new PausableClock(world);
  const rung: string[] = [];
  clock.after(100, () => rung.push(`a ${clock.now()}`));
  const cancel = clock.after(150, () => rung.push('never'));
  await world.advance(60);
  clock.pause();
  clock.pause();
  await world.advance(5000);
  expect([clock.now(), rung.length, world.timers]).toEqual([60, 0, 0]);
  clock.after(10, () => rung.push(`b ${clock.now()}`));
  cancel();
  clock.resume();
  clock.resume();
  await world.advance(1000);
  expect(rung).toEqual(['b 70', 'a 100']);
  expect(clock.now()).toBe(1060);
});
