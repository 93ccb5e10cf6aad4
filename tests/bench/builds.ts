/**
 * Guest instructions and seconds of a build of two steps in a terminal, and of Compose with two services: with the programs that
 * make them cost less (vm-images/cli-plugins, build-steps and modprobe), then without each of them, then without all.
 *
 *   node --wasm-tiering-budget=1000000000 tests/bench/builds.ts
 */
import { startMachine } from '../support/machine.ts';

const plugins = '/usr/local/lib/docker/cli-plugins';
/** How each is taken away, and given back. The engine looks for "runc" once more for each step. */
const levers = {
  'CLI plugins': { off: `mv ${plugins} ${plugins}.off`, on: `mv ${plugins}.off ${plugins}` },
  'build steps': { off: 'mv /usr/lib/drydock/runtime /usr/lib/drydock/runtime.off', on: 'mv /usr/lib/drydock/runtime.off /usr/lib/drydock/runtime' },
  modprobe: { off: 'echo /sbin/modprobe > /proc/sys/kernel/modprobe', on: 'echo /usr/lib/drydock/modprobe > /proc/sys/kernel/modprobe' },
};

const machine = await startMachine();
await machine.learner("mkdir build compose && printf 'services:\\n  a: &service\\n    image: busybox\\n    command: sleep 1000\\n    init: true\\n  b: *service\\n' > compose/compose.yaml");
let builds = 0;

async function measured(command: string): Promise<string> {
  const [instructions, from] = [machine.stats().instructions, performance.now()];
  await machine.learner(command);
  return `${((machine.stats().instructions - instructions) / 1e6).toFixed(0)} M, ${((performance.now() - from) / 1000).toFixed(1)} s`;
}

async function measureAll(name: string): Promise<void> {
  builds += 1;
  await machine.learner(`cd build && date +%N > file && printf 'FROM busybox\\nCOPY file /\\nRUN echo first ${builds}\\nRUN echo second ${builds}\\n' > Dockerfile`);
  console.log(`${name}: build ${await measured('cd build && script -qec "docker build ." /dev/null')}`);
  const compose = async (words: string): Promise<string> => `${words} ${await measured(`cd compose && script -qec "docker compose ${words}" /dev/null`)}`;
  console.log(`    compose: ${await compose('up -d')}; ${await compose('ps')}; ${await compose('down -t 1')}`);
}

await measureAll('the first time');
await measureAll('with all');
for (const [name, { off, on }] of Object.entries(levers)) {
  await machine.root(off);
  await measureAll(`without ${name}`);
  await machine.root(on);
}
for (const { off } of Object.values(levers)) await machine.root(off);
await measureAll('without all');
await machine.stop();
process.exit(0);
