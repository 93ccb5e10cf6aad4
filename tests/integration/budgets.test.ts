/**
 * What the image may cost: sizes and guest instructions, which unlike seconds hardly vary. A bound is 30 % above what was
 * measured when it was set; whoever crosses one looks for the reason first and raises it with a new date second.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMachine, type TestMachine } from '../support/machine.ts';
import { Terminal } from '../support/terminal.ts';

const headroom = 1.3;

/** Measured on 2026-11-22 with the image of that day (Docker 28.5.2, client 26.1.5). */
const measured = {
  /** As served. 55 MB without the page cache that the warm-up leaves; see vm-images/builder/boot/guest/warm-up.sh. */
  stateBytes: 72_600_000,
  /** Emulator, firmware and state, and 1.8 MB of the disk. */
  bytesBeforePrompt: 76_000_000,
  /** A login shell that is ready; 102 million the first time. Most of it is bash-completion. */
  terminalInstructions: 100_469_768,
  /** 83 million the first time. */
  dockerPsInstructions: 51_585_743,
  /** 424 million the first time. */
  dockerRunInstructions: 366_650_345,
};

let machine: TestMachine;
let bytesBeforePrompt: number;

beforeAll(async () => {
  machine = await startMachine();
  const terminal = await Terminal.open(machine.agent);
  bytesBeforePrompt = machine.downloads.image + machine.downloads.disk;
  terminal.close();
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
    const { state } = machine.manifest;
    const served = state.chunks.reduce((sum, part) => sum + (part?.bytes ?? 0), 0);
    console.log(`state: ${state.bytes} bytes, served ${served}`);
    expect(served).toBeLessThan(measured.stateBytes * headroom);
  });

  it('what is fetched before the prompt', () => {
    console.log(`before the prompt: image ${machine.downloads.image}, with disk ${bytesBeforePrompt}`);
    expect(bytesBeforePrompt).toBeLessThan(measured.bytesBeforePrompt * headroom);
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
