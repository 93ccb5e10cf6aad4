/** Runs the benchmark in this page: a machine of its own, the commands of a first lesson, one after the other. */
import type { MachineClient } from '../emulator/client/machine-client.ts';
import { AgentClient } from '../guest/client.ts';
import { shellCommand } from '../guest/exec.ts';
import type { GuestLink } from '../guest/link.ts';
import { DrydockError } from '../shared/errors.ts';
import type { ImageManifest } from '../shared/manifest.ts';
import { benchCommands, type BenchResult, type CommandResult } from './result.ts';

/** What is being measured. */
export type BenchStep = 'prompt' | CommandResult['id'] | 'idle';

export interface MeasureOptions {
  readonly client: MachineClient;
  readonly manifestUrl: string;
  /** Tells what is being measured, for whoever watches. */
  readonly onStep: (step: BenchStep) => void;
  /** Stops the machine at once, whatever is being measured. */
  readonly signal: AbortSignal;
}

/** The `docker ps` that is measured is a warm one: the one before it is not counted. */
const warmUpPs = 1;
/** How long the machine is left alone to see what an idle one costs. */
const idleMilliseconds = 10_000;
const commandMilliseconds = 300_000;
const promptMilliseconds = 120_000;

/** Rejects with the error of whatever could not be measured. The machine is stopped in the end. */
export async function measure(options: MeasureOptions): Promise<BenchResult> {
  const { client, onStep, signal } = options;
  const abandon = (): void => client.stop();
  signal.addEventListener('abort', abandon);
  try {
    onStep('prompt');
    const started = performance.now();
    const { agent, downloadBytes } = await startMachine(options);
    await shellPrompt(agent);
    const promptSeconds = (performance.now() - started) / 1000;
    const memoryBytes = (await stats(client)).memoryBytes;

    const commands: CommandResult[] = [];
    for (const { id, command } of benchCommands) {
      signal.throwIfAborted();
      onStep(id);
      if (id === 'ps') for (let round = 0; round < warmUpPs; round++) await runCommand(agent, command);
      commands.push({ id, command, ...(await timed(client, () => runCommand(agent, command))) });
    }

    onStep('idle');
    const before = await stats(client);
    await new Promise((resolve) => setTimeout(resolve, idleMilliseconds));
    const idle = (await stats(client)).instructions - before.instructions;
    return { promptSeconds, downloadBytes, commands, memoryBytes, idleInstructionsPerSecond: idle / (idleMilliseconds / 1000) };
  } finally {
    signal.removeEventListener('abort', abandon);
    client.stop();
  }
}

async function startMachine({ client, manifestUrl, signal }: MeasureOptions): Promise<{ agent: AgentClient; downloadBytes: number }> {
  const linked = new Promise<{ link: GuestLink; guest: ImageManifest['guest'] }>((resolve) => client.onLink((link, guest) => resolve({ link, guest })));
  let downloadBytes = 0;
  client.onLifecycle((state) => {
    if (state.phase === 'loading') downloadBytes = state.totalBytes;
  });
  await client.start(manifestUrl, { signal });
  const { link, guest } = await linked;
  const agent = new AgentClient(link, { user: guest.user });
  await agent.hello({ signal });
  agent.setClock(new Date());
  agent.addEntropy(crypto.getRandomValues(new Uint8Array(64)));
  return { agent, downloadBytes };
}

/** Opens a shell and waits for its prompt, as the lab does. */
async function shellPrompt(agent: AgentClient): Promise<void> {
  const pty = await agent.openPty({ command: shellCommand, columns: 80, rows: 24 });
  const decoder = new TextDecoder();
  let shown = '';
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new DrydockError('machine-unresponsive', { seconds: promptMilliseconds / 1000 })), promptMilliseconds);
    pty.onData((bytes, done) => {
      shown += decoder.decode(bytes, { stream: true });
      done();
      // user@host, the folder, the sign, with colours in between.
      if (!/@.*\$ /.test(shown)) return;
      clearTimeout(timer);
      resolve();
    });
  });
  pty.exit.catch(() => {
    // Closed from here: nothing to tell.
  });
  pty.close();
}

async function runCommand(agent: AgentClient, command: string): Promise<void> {
  const { exitCode, stderr } = await agent.exec(['sh', '-c', command], { timeoutMs: commandMilliseconds });
  if (exitCode !== 0) throw new DrydockError('unexpected', { reason: `${command}: exit code ${exitCode}: ${stderr}` });
}

async function timed(client: MachineClient, work: () => Promise<void>): Promise<{ seconds: number; instructions: number }> {
  const before = await stats(client);
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  return { seconds, instructions: (await stats(client)).instructions - before.instructions };
}

async function stats(client: MachineClient): Promise<{ instructions: number; memoryBytes: number }> {
  const found = await client.stats();
  if (found === undefined) throw new DrydockError('machine-stopped', {});
  return found;
}
