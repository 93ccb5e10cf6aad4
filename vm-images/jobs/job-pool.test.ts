import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { readExercises } from '../../src/checkers/node/exercises.ts';
import { repositoryFolder } from '../builder/paths.ts';
import { silentReporter } from '../builder/progress.ts';
import { JobPool } from './job-pool.ts';
import type { Order } from './orders.ts';

const pools: JobPool[] = [];

afterEach(() => pools.splice(0).forEach((pool) => pool.close()));

function pool(atOnce: number): JobPool {
  const made = new JobPool(atOnce, silentReporter);
  pools.push(made);
  return made;
}

const [exercise] = await readExercises(repositoryFolder);

/** An order that cannot be carried out. */
async function impossible(name: string): Promise<Order> {
  if (exercise === undefined) throw new Error('there is no exercise');
  return { kind: 'start', exercise, manifest: `/nowhere/${name}.json`, target: '/nowhere/target' };
}

test('what a job failed with is thrown, and the next in the queue has its turn', async () => {
  const jobs = pool(1);
  const [first, second] = await Promise.all(['one', 'two'].map(async (name) => jobs.run(await impossible(name), z.null()).catch(String)));
  expect(first).toContain('/nowhere/one.json');
  expect(second).toContain('/nowhere/two.json');
});

test('a closed pool ends what runs and begins nothing more', async () => {
  const jobs = pool(1);
  const order = await impossible('one');
  const results = [jobs.run(order, z.null()), jobs.run(order, z.null())].map((job) => job.then(() => 'done', () => 'ended'));
  jobs.close();
  expect(await Promise.all(results)).toEqual(['ended', 'ended']);
});

test('what is done in this process takes a place as a job does', async () => {
  const jobs = pool(1);
  const order: string[] = [];
  const here = jobs.here(async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    order.push('here');
  });
  const job = jobs.run(await impossible('one'), z.null()).catch(() => order.push('job'));
  await Promise.all([here, job]);
  expect(order).toEqual(['here', 'job']);
});
