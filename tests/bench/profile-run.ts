/**
 * Which processes of the guest spend the instructions of a command, and which programs it starts.
 *
 *   node tests/bench/profile-run.ts ['docker run --rm busybox true' [shell commands to run before]]
 *
 * The kernel's own scheduler trace tells who ran when; its clock is made to count instructions: time stands still in the
 * guest while it executes nothing, and one instruction takes ten nanoseconds. So the figures repeat, whoever else uses
 * the processor. The trace itself costs some percent.
 */
import { gunzipSync } from 'node:zlib';

const nanosecondsPerInstruction = 10;
const command = process.argv[2] ?? 'docker run --rm busybox true';
const before = process.argv[3];

/** Guest instructions so far; unknown until there is a machine. */
let instructions = (): number => 0;
/** Time that passed while the guest waited, so that its timers go off. */
let idleMilliseconds = 0;
const realNow = performance.now.bind(performance);
let lastCount = 0;
let lastReal = realNow();
performance.now = () => {
  const count = instructions();
  const real = realNow();
  // A guest that executes nothing for a while is idle: then the clock goes as usual.
  if (count === lastCount) idleMilliseconds += real - lastReal;
  lastCount = count;
  lastReal = real;
  return idleMilliseconds + (count * nanosecondsPerInstruction) / 1e6;
};

// v86 remembers the clock when it is loaded, so it is loaded after the clock was set.
const { V86 } = await import('v86');
const { startMachine } = await import('../support/machine.ts');
const run = V86.prototype.run;
V86.prototype.run = function (this: InstanceType<typeof V86>) {
  let total = 0;
  let last = this.get_instruction_counter() >>> 0;
  instructions = () => {
    const now = this.get_instruction_counter() >>> 0;
    total += (now - last) >>> 0;
    last = now;
    return total;
  };
  return run.call(this);
};

const machine = await startMachine();
await machine.root('mount -t tracefs nodev /sys/kernel/tracing && cd /sys/kernel/tracing && echo 0 > tracing_on && echo 16384 > buffer_size_kb && echo global > trace_clock && for e in sched/sched_switch sched/sched_process_exec; do echo 1 > events/$e/enable; done');
if (before !== undefined) console.log(await machine.root(before));
for (let round = 0; round < 2; round += 1) await machine.root(command);
await new Promise((resolve) => setTimeout(resolve, 3000));
const start = machine.stats().instructions;
await machine.root(`echo 1 > /sys/kernel/tracing/tracing_on; ${command}`);
const during = machine.stats().instructions - start;
await new Promise((resolve) => setTimeout(resolve, 2000));
await machine.root('echo 0 > /sys/kernel/tracing/tracing_on');
// Compressed: an answer may have a megabyte.
const trace = gunzipSync(Buffer.from(await machine.root('gzip -1 < /sys/kernel/tracing/trace | base64 -w0'), 'base64')).toString();
await machine.stop();

const cost = new Map<string, { million: number; switches: number }>();
const started: string[] = [];
let since: number | undefined;
let first: number | undefined;
const toMillion = (seconds: number): number => (seconds * 1e9) / nanosecondsPerInstruction / 1e6;
for (const line of trace.split('\n')) {
  const match = /\s(\d+\.\d+): (\w+): (.*)$/.exec(line);
  if (match === null) continue;
  const [, time, event, rest] = match;
  const at = Number(time);
  first ??= at;
  if (event === 'sched_process_exec') {
    const exec = /filename=(\S+) pid=(\d+) old_pid/.exec(rest ?? '');
    if (exec !== null) started.push(`${toMillion(at - first).toFixed(1).padStart(7)}  ${exec[1]} (${exec[2]})`);
  } else if (event === 'sched_switch') {
    const change = /prev_comm=(.*) prev_pid=(\d+) prev_prio/.exec(rest ?? '');
    if (change !== null && since !== undefined) {
      const name = Number(change[2]) === 0 ? 'idle' : (change[1] ?? '');
      const entry = cost.get(name) ?? { million: 0, switches: 0 };
      entry.million += toMillion(at - since);
      entry.switches += 1;
      cost.set(name, entry);
    }
    since = at;
  }
}
console.log(`${command}: ${(during / 1e6).toFixed(0)} million instructions until its end`);
for (const [name, { million, switches }] of [...cost].sort(([, a], [, b]) => b.million - a.million)) if (million >= 0.3) console.log(`${million.toFixed(1).padStart(8)} M ${String(switches).padStart(6)} switches  ${name}`);
console.log('Programs started, after million instructions:');
for (const line of started) console.log(line);
process.exit(0);
