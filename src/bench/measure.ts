/** Runs the benchmark in this page: a machine of its own, the commands of a first lesson, one after the other. */
import type { MachineClient } from '../emulator/client/machine-client.ts';
import { AgentClient } from '../guest/client.ts';
import { patientGreeting } from '../guest/connection.ts';
import { type Pty, shellCommand } from '../guest/exec.ts';
import type { GuestLink } from '../guest/link.ts';
import { DrydockError } from '../shared/errors.ts';
import type { ImageManifest } from '../shared/manifest.ts';
import { benchCommands, type BenchResult, type CommandResult } from './result.ts';

/** What is being measured. */
export type BenchStep = 'prompt' | CommandResult['id'] | 'idle';

/** The part of a machine's client that is used. */
export type MeasuredClient = Pick<MachineClient, 'start' | 'stop' | 'stats' | 'onLink' | 'onLifecycle'>;

export interface MeasureOptions {
  readonly client: MeasuredClient;
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

/** Rejects with the error of whatever could not be measured, or with the signal's reason. The machine is stopped in the end. */
export async function measure(options: MeasureOptions): Promise<BenchResult> {
  const { client, signal } = options;
  const stopped = Promise.withResolvers<never>();
  const stop = (): void => stopped.reject(signal.reason);
  signal.addEventListener('abort', stop);
  try {
    signal.throwIfAborted();
    // Raced: what is under way ends with the machine, and nobody waits for that.
    return await Promise.race([measureAll(options), stopped.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
    client.stop();
  }
}

async function measureAll(options: MeasureOptions): Promise<BenchResult> {
  const { client, onStep, signal } = options;
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
  await agent.hello({ ...patientGreeting, signal });
  agent.setClock(new Date());
  agent.addEntropy(crypto.getRandomValues(new Uint8Array(64)));
  return { agent, downloadBytes };
}

/** Opens a shell and waits for its prompt, as the lab does. */
async function shellPrompt(agent: AgentClient): Promise<void> {
  const pty = await agent.openPty({ command: shellCommand, columns: 80, rows: 24 });
  try {
    await promptOf(pty);
  } finally {
    pty.close();
  }
}

/** Rejects when the shell ends before, or the machine does. */
async function promptOf(pty: Pty): Promise<void> {
  const decoder = new TextDecoder();
  let shown = '';
  const { promise: prompt, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new DrydockError('machine-unresponsive', { seconds: promptMilliseconds / 1000 })), promptMilliseconds);
  pty.onData((bytes, done) => {
    shown += decoder.decode(bytes, { stream: true });
    done();
    // user@host, the folder, the sign, with colours in between.
    if (/@.*\$ /.test(shown)) resolve();
  });
  pty.exit.then((exitCode) => reject(new DrydockError('command-failed', { command: shellCommand.join(' '), exitCode, output: shown })), reject);
  try {
    await prompt;
  } finally {
    clearTimeout(timer);
  }
}

async function runCommand(agent: AgentClient, command: string): Promise<void> {
  const { exitCode, stderr } = await agent.exec(['sh', '-c', command], { timeoutMs: commandMilliseconds });
  if (exitCode !== 0) throw new DrydockError('unexpected', { reason: `${command}: exit code ${exitCode}: ${stderr}` });
}

async function timed(client: MeasuredClient, work: () => Promise<void>): Promise<{ seconds: number; instructions: number }> {
  const before = await stats(client);
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  return { seconds, instructions: (await stats(client)).instructions - before.instructions };
}

async function stats(client: MeasuredClient): Promise<{ instructions: number; memoryBytes: number }> {
  const found = await client.stats();
  if (found === undefined) throw new DrydockError('machine-stopped', {});
  return found;
}
