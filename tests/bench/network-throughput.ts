/**
 * How many megabytes a second the virtual network carries: between two hosts of the page, and between a host of the page
 * and the real guest. Nothing is asserted: it depends on who else uses the processor, so processor seconds stand beside.
 *
 *   node tests/bench/network-throughput.ts [runs]
 */
import { randomBytes } from 'node:crypto';
import type { Connection } from '../../src/network/connection.ts';
import { VirtualNetwork } from '../../src/network/network.ts';
import { httpHost } from '../support/http-host.ts';
import { startMachine } from '../support/machine.ts';

const megabyte = 1 << 20;
const pageMegabytes = 64;
const downloadMegabytes = 16;
const uploadMegabytes = 8;
const runs = Number(process.argv[2] ?? 3);

function report(name: string, megabytes: number, seconds: number, processorSeconds: number, more = ''): void {
  console.log(`${name.padEnd(14)} ${(megabytes / seconds).toFixed(1).padStart(7)} MB/s  ${(megabytes / processorSeconds).toFixed(1).padStart(7)} MB per processor second  ${more}`);
}

/** Runs the work; returns seconds by the clock and of the processor. */
async function timed<T>(work: () => Promise<T>): Promise<{ result: T; seconds: number; processorSeconds: number }> {
  const [start, usage] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(usage);
  return { result, seconds: (performance.now() - start) / 1000, processorSeconds: (user + system) / 1e6 };
}

async function drain(connection: Connection): Promise<number> {
  let count = 0;
  for (let bytes = await connection.read(); bytes !== undefined; bytes = await connection.read()) count += bytes.length;
  return count;
}

async function benchPage(): Promise<void> {
  const source = async (connection: Connection): Promise<void> => {
    const piece = randomBytes(megabyte);
    for (let sent = 0; sent < pageMegabytes; sent += 1) await connection.write(piece);
  };
  const network = new VirtualNetwork({ gatewayAddress: '10.0.2.2', hosts: [{ names: [], address: '10.0.2.20', ports: new Map([[80, source]]) }] });
  for (let run = 0; run < runs; run += 1) {
    const { seconds, processorSeconds } = await timed(async () => drain(await network.connect('10.0.2.20', 80)));
    report('page to page', pageMegabytes, seconds, processorSeconds);
  }
  network.close();
}

async function benchGuest(): Promise<void> {
  const machine = await startMachine({ hosts: [{ names: ['files.example'], address: '10.0.2.20', ports: new Map([[80, httpHost(randomBytes(downloadMegabytes * megabyte))]]) }] });
  try {
    await machine.root(`head -c ${uploadMegabytes * megabyte} /dev/urandom > /tmp/upload`);
    const curl = async (name: string, megabytes: number, options: string): Promise<void> => {
      for (let run = 0; run < runs; run += 1) {
        const [before, frames] = [machine.stats().instructions, machine.network.counters];
        const { result, processorSeconds } = await timed(() => machine.root(`curl -sS -o /dev/null -w '%{time_total}' ${options} http://files.example/`));
        const after = machine.network.counters;
        const instructions = Math.round((machine.stats().instructions - before) / 1e6);
        const counted = `${instructions} million instructions with the start of curl, frames ${after.framesToGuests - frames.framesToGuests} in, ${after.framesFromGuests - frames.framesFromGuests} out`;
        report(name, megabytes, Number(result), processorSeconds, counted);
      }
    };
    await curl('page to guest', downloadMegabytes, '');
    await curl('guest to page', uploadMegabytes, '--data-binary @/tmp/upload');
  } finally {
    await machine.stop();
  }
}

await benchPage();
await benchGuest();
