/**
 * What the image may cost: sizes and guest instructions, which unlike seconds hardly vary. A bound is 30 % above what was
 * measured when it was set; whoever crosses one looks for the reason first and raises it with a new date second.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMachine, type TestMachine } from '../support/machine.ts';
import { Terminal } from '../support/terminal.ts';

const headroom = 1.3;

/** Measured on 2026-11-28 with the image of that day (Docker 28.5.2, client 26.1.5). */
const measured = {
  /** State and memory as served, all parts of it. */
  stateBytes: 72_600_000,
  /** Emulator, firmware, state and the memory to begin with, and whatever the guest had to wait for until then. */
  bytesBeforePrompt: 5_400_000,
  /** Everything fetched until a first container has ended. */
  bytesThroughFirstRun: 34_500_000,
  /** A login shell that is ready; 27 million the first time. */
  terminalInstructions: 9_000_000,
  /** 51 million the first time. */
  dockerPsInstructions: 48_000_000,
  /** 259 million the first time. */
  dockerRunInstructions: 253_000_000,
};

let machine: TestMachine;
let bytesBeforePrompt: number;
let bytesThroughFirstRun: number;

beforeAll(async () => {
  machine = await startMachine();
  const terminal = await Terminal.open(machine.agent);
  const { downloads } = machine;
  bytesBeforePrompt = downloads.image + downloads.demanded + downloads.disk;
  terminal.close();
  await machine.learner('docker run --rm busybox true');
  bytesThroughFirstRun = downloads.image + downloads.ahead + downloads.demanded + downloads.disk;
  console.log(`fetched: ${JSON.stringify(downloads)}`);
});
afterAll(() => machine?.stop());

/** Guest instructions of some work, the least of three after a first time: what else the guest does only adds. */
async function instructionsOf(name: string, work: () => Promise<unknown>): Promise<number> {
  const counts: number[] = [];
  for (let round = 0; round < 4; round += 1) {
    const before = machine.stats().instructions;
    await work();
    counts.push(machine.stats().instructions - before);
  }
  console.log(`${name}: ${counts.map((count) => Math.round(count / 1e6)).join(', ')} million instructions`);
  return Math.min(...counts.slice(1));
}

describe('sizes', () => {
  it('the saved state', () => {
    const { state, memory } = machine.manifest;
    const parts = [...state.chunks, memory.map, ...memory.parts];
    const served = parts.reduce((sum, part) => sum + (part?.bytes ?? 0), 0);
    console.log(`state and memory: ${parts.length} parts, served ${served}`);
    expect(served).toBeLessThan(measured.stateBytes * headroom);
  });

  it('what is fetched before the prompt', () => {
    console.log(`before the prompt: ${bytesBeforePrompt}`);
    expect(bytesBeforePrompt).toBeLessThan(measured.bytesBeforePrompt * headroom);
  });

  it('what is fetched through a first container', () => {
    console.log(`through the first container: ${bytesThroughFirstRun}`);
    expect(bytesThroughFirstRun).toBeLessThan(measured.bytesThroughFirstRun * headroom);
  });
});

describe('guest instructions', () => {
  it('of a new terminal to its prompt', async () => {
    const count = await instructionsOf('terminal', async () => (await Terminal.open(machine.agent)).close());
    expect(count).toBeLessThan(measured.terminalInstructions * headroom);
  });

  it('of a warm `docker ps`', async () => {
    expect(await instructionsOf('docker ps', () => machine.learner('docker ps'))).toBeLessThan(measured.dockerPsInstructions * headroom);
  });

  it('of a warm `docker run --rm busybox true`', async () => {
    expect(await instructionsOf('docker run', () => machine.learner('docker run --rm busybox true'))).toBeLessThan(measured.dockerRunInstructions * headroom);
  });
});

// Only so is the optimising compiler spared; a v86 whose JIT writes something else would go on as before, and be slow.
it("cuts the JIT's modules into parts", () => {
  const { jitCompiles, jitUncut } = machine.stats();
  console.log(`of ${jitCompiles} modules ${jitUncut} could not be cut`);
  expect(jitUncut).toBeLessThan(jitCompiles * 0.1);
});
