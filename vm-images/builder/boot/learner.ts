/**
 * What a learner's first minutes are: played once before the machine is saved, so that what they need is in memory, and
 * once from the saved machine, to see which pages they touch and in which order.
 */
import type { AgentClient } from '../../../src/guest/client.ts';
import { EngineClient } from '../../../src/guest/engine/client.ts';
import { shellCommand, type Pty } from '../../../src/guest/exec.ts';
import { machineParameters } from './parameters.ts';

/** A lab of usual size, and the size that a shell waits in: hardly a learner's has it too, so that the shell hears of another one. */
const terminalSize = { columns: 100, rows: 30 };
const waitingSize = { columns: 80, rows: 24 };
const patienceMilliseconds = 8 * 60_000;
const promptEnd = '$ ';

/**
 * Opens the terminal and looks at the engine, as the lab does when the machine begins to run. The signal ends the stream
 * of events, which would otherwise wait for the engine to come back for ever.
 */
export async function openLab(agent: AgentClient, listening: AbortController, withEngine: boolean): Promise<{ terminal: LearnerTerminal; close: () => Promise<void> }> {
  const engine = new EngineClient(agent);
  const events = (async (): Promise<void> => {
    if (!withEngine) return;
    for await (const event of engine.events(listening.signal)) void event;
  })().catch(() => undefined);
  const terminal = await LearnerTerminal.open(agent);
  if (withEngine) await Promise.all([engine.containers(true), engine.images(), engine.networks(), engine.volumes()]);
  return {
    terminal,
    async close() {
      listening.abort();
      await terminal.close();
      await events;
    },
  };
}

/** Leaves a shell at its prompt in the machine, for the learner's first terminal. */
export function prepareShell(agent: AgentClient): Promise<void> {
  return agent.prepareTerminal({ command: shellCommand, user: machineParameters.guest.user, ...waitingSize, timeoutMs: patienceMilliseconds });
}

/** A shell of the learner's, typed into. */
export class LearnerTerminal {
  readonly #pty: Pty;
  #printed = '';
  #onPrint: () => void = () => undefined;

  private constructor(pty: Pty) {
    this.#pty = pty;
    const decoder = new TextDecoder();
    pty.onData((bytes, done) => {
      this.#printed += decoder.decode(bytes, { stream: true });
      done();
      this.#onPrint();
    });
  }

  static async open(agent: AgentClient): Promise<LearnerTerminal> {
    const terminal = new LearnerTerminal(await agent.openPty({ command: shellCommand, user: machineParameters.guest.user, ...terminalSize, timeoutMs: patienceMilliseconds }));
    await terminal.#prompt();
    return terminal;
  }

  /** Types a line and waits for the next prompt. */
  async type(line: string): Promise<void> {
    this.#printed = '';
    await this.#pty.write(`${line}\r`);
    await this.#prompt();
  }

  /** Leaves the shell, which keeps no history of it. */
  async close(): Promise<void> {
    await this.#pty.write('unset HISTFILE; exit\r');
    await this.#pty.exit;
  }

  async #prompt(): Promise<void> {
    const signal = AbortSignal.timeout(patienceMilliseconds);
    const { promise: late, reject } = Promise.withResolvers<never>();
    late.catch(() => undefined);
    signal.addEventListener('abort', () => reject(new Error(`no prompt came; printed was:\n${this.#printed.slice(-2000)}`)), { once: true });
    const user = `${machineParameters.guest.user}@`;
    // The prompt is coloured, and an escape sequence may follow it.
    const there = (): boolean => this.#printed.includes(user) && this.#printed.slice(this.#printed.lastIndexOf(user)).includes(promptEnd);
    while (!there()) {
      await Promise.race([new Promise<void>((resolve) => (this.#onPrint = resolve)), late]);
    }
  }
}
