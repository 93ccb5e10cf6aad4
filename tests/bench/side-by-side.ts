/**
 * Seconds and processor time of what a test does with a machine, in Node: what an option of V8 gives where every core has a
 * machine of its own. Start one for each core at the same moment, and compare with as many of another option:
 *
 *   for i in 1 2; do node --liftoff-only tests/bench/side-by-side.ts & done; wait
 *   for i in 1 2; do node --wasm-tiering-budget=1000000000 tests/bench/side-by-side.ts & done; wait
 */
import { startMachine } from '../support/machine.ts';

const begin = performance.now();

async function timed<Result>(step: string, work: () => Promise<Result>): Promise<Result> {
  const result = await work();
  const { user, system } = process.cpuUsage();
  console.log(`${step}: after ${((performance.now() - begin) / 1000).toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s of processor time`);
  return result;
}

const run = 'docker run --rm busybox true';
const machine = await timed('start', () => startMachine());
for (const which of ['first', 'second', 'third']) await timed(`${which} run`, () => machine.learner(run));
await timed('nginx', () => machine.learner('docker run -d --name web -p 8080:80 nginx; curl -sS localhost:8080 > /dev/null; docker exec web ls; docker logs web; docker rm -f web'));
const state = await timed('save', () => machine.freeze());
const copy = await timed('start of a copy', () => startMachine({ state }));
await timed('its run', () => copy.learner(run));
await copy.stop();
await machine.resume();
await timed('run of the first machine', () => machine.learner(run));
await machine.stop();
process.exit(0);
