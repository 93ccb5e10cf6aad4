/**
 * Seconds, guest instructions and compiled code of the first `docker run --rm busybox true` of a restored machine and of those
 * after it, in Node: how a change of the emulator or of what is compiled ahead shows where no browser is in between.
 *
 *   node tests/bench/first-runs.ts [runs] [seconds to wait first] [path of a manifest]
 *   node --liftoff-only tests/bench/first-runs.ts      without V8's optimising compiler
 *
 * Seconds say nothing by themselves: run what is to be compared in turn, twice, with nothing else on the machine.
 */
import { resolve } from 'node:path';
import { startMachine } from '../../src/emulator/node/published-machine.ts';
import { imageFolder } from '../support/machine.ts';

const runs = Number(process.argv[2] ?? 4);
const waitSeconds = Number(process.argv[3] ?? 12);
const manifest = resolve(process.argv[4] ?? `${imageFolder}/manifest.json`);

const machine = await startMachine({ manifest });
await new Promise((ready) => setTimeout(ready, waitSeconds * 1000));
console.log(`compiled ahead in ${waitSeconds} s: ${machine.stats().jitCompiles}`);
for (let run = 1; run <= runs; run += 1) {
  const cpu = process.cpuUsage();
  const before = machine.stats();
  const begin = performance.now();
  await machine.learner('docker run --rm busybox true');
  const seconds = (performance.now() - begin) / 1000;
  const after = machine.stats();
  const used = process.cpuUsage(cpu);
  const millions = Math.round((after.instructions - before.instructions) / 1e6);
  const compiled = after.jitCompiles - before.jitCompiles;
  console.log(`run ${run}: ${seconds.toFixed(1)} s (processor ${((used.user + used.system) / 1e6).toFixed(1)} s), ${millions} million instructions, ${compiled} modules, ${((after.jitBytes - before.jitBytes) / 1e6).toFixed(1)} MB`);
}
await machine.stop();
process.exit(0);
