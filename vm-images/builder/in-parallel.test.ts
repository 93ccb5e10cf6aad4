import { expect, it } from 'vitest';
import { inParallel } from './in-parallel.ts';

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

it('works on every item with its index, in order, and on no more at once than allowed', async () => {
  const begun: [string, number][] = [];
  let running = 0;
  let most = 0;
  await inParallel('abcdefg', 3, async (item, index) => {
    begun.push([item, index]);
    most = Math.max(most, (running += 1));
    await soon();
    running -= 1;
  });
  expect(begun).toEqual([...'abcdefg'].map((item, index) => [item, index]));
  expect(most).toBe(3);
});

it('throws the first failure, begins nothing after it, and leaves no other failure behind', async () => {
  const begun: number[] = [];
  await expect(
    inParallel([0, 1, 2, 3, 4, 5], 2, async (item) => {
      begun.push(item);
      await soon();
      if (item > 0) throw new Error(`no ${item}`);
    }),
  ).rejects.toThrow('no 1');
  await soon();
  await soon();
  expect(begun).toEqual([0, 1, 2]);
});
