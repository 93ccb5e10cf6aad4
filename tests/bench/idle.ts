/**
 * Processor time, guest instructions and sleeps of a restored machine that nobody uses, in Node. Also how late its own timers
 * are, and whether its clocks agree: what is saved by sleeping longer must not be taken from them.
 *
 *   node tests/bench/idle.ts [seconds] [script that root runs first]
 *
 * Processor time hardly depends on what else the computer does.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { startMachine } from '../support/machine.ts';

const seconds = Number(process.argv[2] ?? 30);
const script = process.argv[3];
/** Until what is compiled ahead is done, and the engine has come to rest. */
const settleSeconds = 40;

const machine = await startMachine();
if (script !== undefined) await machine.root(script);
await sleep(settleSeconds * 1000);
const cpu = process.cpuUsage();
const before = machine.stats().instructions;
const begin = performance.now();
await sleep(seconds * 1000);
const took = (performance.now() - begin) / 1000;
const used = process.cpuUsage(cpu);
const instructions = (machine.stats().instructions - before) / took / 1e6;
console.log(`${(((used.user + used.system) / 1e6 / took) * 100).toFixed(1)} % of a core, ${instructions.toFixed(2)} million instructions/s`);
const clocks = "grep -m1 ^jiffies /proc/timer_list; cut -d' ' -f1 /proc/uptime";
console.log((await machine.root(`${clocks}; sleep 20; ${clocks}`)).replaceAll('\n', ' '));
console.log(`five times sleep 0.7: ${await machine.root("bash -c 'TIMEFORMAT=%R; time (for i in 1 2 3 4 5; do sleep 0.7; done)' 2>&1")} s`);
await machine.stop();
process.exit(0);
