/**
 * Boots a finished disk, waits until the machine is up and quiet, and saves it.
 *
 * The agent is the only way in, as it will be in the browser.
 */
import type { Disk } from '../../../src/emulator/core/disk/disk.ts';
import { createMachine, type Machine } from '../../../src/emulator/core/machine.ts';
import type { SavedMemory } from '../../../src/emulator/core/memory/guest-memory.ts';
import { AgentClient } from '../../../src/guest/client.ts';
import type { HostDeclaration } from '../../../src/network/connection.ts';
import { networkOfOne } from '../../../src/network/network.ts';
import { BuildError } from '../errors.ts';
import type { Reporter } from '../progress.ts';
import { guestScript } from './initramfs.ts';
import { openLab, prepareShell } from './learner.ts';
import { machineParameters } from './parameters.ts';
import { SerialConsole } from './serial-console.ts';

export interface SnapshotSources {
  readonly wasm: ArrayBuffer;
  readonly disk: Disk;
  readonly vmlinuz: ArrayBuffer;
  readonly initrd: ArrayBuffer;
  readonly seabios: ArrayBuffer;
  readonly vgabios: ArrayBuffer;
}

/** What is waited for and done before the machine is saved. */
export interface SnapshotPlan {
  /** A script of root's that ends when what the machine is for runs. */
  readonly ready: string;
  /** A script of root's that does once what a learner's first minutes do. */
  readonly warmUp: string;
  /** Whether there is an engine, which the lab looks at. */
  readonly engine: boolean;
  /** What the machine finds in its network meanwhile. */
  readonly hosts: readonly HostDeclaration[];
}

export interface Snapshot {
  /** Without the memory. */
  readonly state: ArrayBuffer;
  readonly memory: SavedMemory;
  /** MAC of the NIC, kept in the state. */
  readonly mac: string;
}

/** A boot took 2 minutes on two cores. */
const bootMilliseconds = 10 * 60_000;
const commandMilliseconds = 8 * 60_000;
/** Ends early where systemd has given the engine up; the journal then says why. */
export const waitForEngine = `
for i in $(seq 120); do
  docker version >/dev/null 2>&1 && exit 0
  systemctl is-failed --quiet docker && break
  sleep 1
done
systemctl status docker --no-pager
journalctl -n 40 --no-pager
exit 1`;
/** Time for the last writes, timers and console bytes to come to rest. */
const settleMilliseconds = 5_000;

export async function snapshot(sources: SnapshotSources, plan: SnapshotPlan, reporter: Reporter): Promise<Snapshot> {
  const agentUp = Promise.withResolvers<void>();
  const serial = new SerialConsole((line) => {
    if (line.kind === 'agent') agentUp.resolve();
    else if (line.kind === 'failed') agentUp.reject(new Error(line.why));
  });
  const patience = setTimeout(() => agentUp.reject(new Error(`the agent did not start within ${bootMilliseconds / 60_000} minutes`)), bootMilliseconds);
  const decoder = new TextDecoder();
  const network = networkOfOne(machineParameters.network, { hosts: plan.hosts });
  const machine = await createMachine({
    wasm: sources.wasm,
    bios: sources.seabios,
    vgaBios: sources.vgabios,
    memoryBytes: machineParameters.memoryBytes,
    vgaMemoryBytes: machineParameters.vgaMemoryBytes,
    disks: [sources.disk],
    bzimage: sources.vmlinuz,
    initrd: sources.initrd,
    cmdline: machineParameters.commandLine,
    mtu: machineParameters.network.mtu,
    network: network.attach(),
    onSerial: (bytes) => serial.receive(decoder.decode(bytes, { stream: true })),
  });
  const listening = new AbortController();
  try {
    return await drive(machine, plan, agentUp.promise, listening, reporter);
  } catch (error) {
    throw new BuildError('snapshot-failed', `the machine did not come up:\n${serial.recent()}`, 'the lines above are what the guest printed; look at the units of the recipe and at vm-images/builder/boot/guest/start.sh', error);
  } finally {
    clearTimeout(patience);
    listening.abort();
    network.close();
    await machine.destroy();
  }
}

async function drive(machine: Machine, plan: SnapshotPlan, agentUp: Promise<void>, listening: AbortController, reporter: Reporter): Promise<Snapshot> {
  const step = (name: string, done: number): void => reporter.progress({ stage: 'Starting and saving the machine', step: name, done, total: 100 });
  step('boot', 0);
  await machine.run();
  await agentUp;
  const agent = new AgentClient(machine.link, { user: 'root' });
  await agent.hello();
  const root = async (script: string): Promise<string> => {
    const result = await agent.exec(['sh', '-c', script], { user: 'root', timeoutMs: commandMilliseconds });
    if (result.exitCode !== 0) throw new Error(`${script}: exit code ${result.exitCode}\n${result.stdout}${result.stderr}`);
    return result.stdout.trim();
  };
  step('engine', 40);
  await root(plan.ready);
  step('units', 65);
  const failed = await root('systemctl --failed --plain --no-legend --no-pager');
  if (failed !== '') throw new Error(`units failed: ${failed}\n${await root('journalctl -p warning -n 40 --no-pager')}`);
  const mac = await root('cat /sys/class/net/eth0/address');
  step('warm up', 70);
  await root(plan.warmUp);
  const lab = await openLab(agent, listening, plan.engine);
  await lab.close();
  await prepareShell(agent);
  step('quiesce', 90);
  reporter.warn(`memory of the saved machine: ${(await root(await guestScript('quiesce.sh'))).replaceAll(/\s+/g, ' ')}`);
  await new Promise((resolve) => setTimeout(resolve, settleMilliseconds));
  step('state', 95);
  return { ...(await machine.saveApart()), mac };
}
