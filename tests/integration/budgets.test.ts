/**
 * What the image may cost: sizes and guest instructions, which unlike seconds hardly vary. A bound is 30 % above what was
 * measured when it was set; whoever crosses one looks for the reason first and raises it with a new date second.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMachine, type TestMachine } from '../support/machine.ts';
import { Terminal } from '../support/terminal.ts';

const headroom = 1.3;

/** Measured; the date is in each line. */
const measured = {
  stateBytes: 0,
  bytesBeforePrompt: 0,
  dockerPsInstructions: 0,
  dockerRunInstructions: 0,
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

/** Guest instructions of a command, the least of three: what else the guest does only adds. */
async function instructionsOf(command: string): Promise<number> {
  const counts: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const before = machine.stats().instructions;
    await machine.learner(command);
    counts.push(machine.stats().instructions - before);
  }
  console.log(`${command}: ${counts.map((count) => Math.round(count / 1e6)).join(', ')} million instructions`);
  return Math.min(...counts);
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
  it('a warm `docker ps`', async () => {
    await machine.learner('docker ps');
    expect(await instructionsOf('docker ps')).toBeLessThan(measured.dockerPsInstructions * headroom);
  });

  it('a warm `docker run --rm busybox true`', async () => {
    await machine.learner('docker run --rm busybox true');
    expect(await instructionsOf('docker run --rm busybox true')).toBeLessThan(measured.dockerRunInstructions * headroom);
  });
});
