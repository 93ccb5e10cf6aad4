/**
 * A learner at a terminal: types lines, waits for the prompt, reads what is on the screen.
 *
 * No screen is emulated: escape sequences are dropped from the stream, which is enough for shells and for commands that
 * print lines. Requests for the cursor's position stay without an answer: busybox' shell mixes one up with what is typed
 * at the same moment, and does well without. When a wait is in vain, the error shows the end of what was printed.
 */
import { stripVTControlCharacters } from 'node:util';
import type { AgentClient } from '../../src/guest/client.ts';
import { shellCommand, type Pty } from '../../src/guest/exec.ts';

/** The learner's prompt on the machine, with its working directory. */
const learnerPrompt = /learner@[a-z]+:[^\n]*\$ $/;
/** Any prompt a lesson meets: also busybox' `/ # ` and `root@0123456789ab:/# ` in a container. Upon `docker attach` busybox prints its own twice in a row. */
const anyPrompt = /(?:learner@[a-z]+:[^\n]*\$|(?<=^|\n)(?:\/[^\n ]* # )?\/[^\n ]* #|root@[^\n ]*:[^\n]*#) $/;

/** A command on two busy cores: the first `docker run` after a restore takes up to a minute, an installation up to ten. */
const defaultMilliseconds = 20 * 60_000;
/** How much of the output an error shows. */
const shownCharacters = 2000;

export interface TerminalOptions {
  columns?: number;
  rows?: number;
}

export interface WaitOptions {
  timeoutMs?: number;
}

export class Terminal {
  readonly pty: Pty;
  readonly #decoder = new TextDecoder();
  #raw = '';
  #bytes = 0;
  #paused: (() => void)[] | undefined;
  #changed = Promise.withResolvers<void>();

  private constructor(pty: Pty) {
    this.pty = pty;
    pty.onData((bytes, done) => {
      this.#bytes += bytes.length;
      if (this.#paused === undefined) done();
      else this.#paused.push(done);
      this.#raw += this.#decoder.decode(bytes, { stream: true });
      this.#changed.resolve();
      this.#changed = Promise.withResolvers();
    });
    // A test that waits for the end looks at `pty.exit`; for the others an end by the machine's stop means nothing.
    pty.exit.catch(() => undefined);
  }

  /** Opens a shell, as the lab does, and waits for its prompt. Wide, so that no line of a test is wrapped. */
  static async open(agent: AgentClient, options: TerminalOptions = {}): Promise<Terminal> {
    const terminal = new Terminal(await agent.openPty({ command: shellCommand, columns: options.columns ?? 240, rows: options.rows ?? 50, timeoutMs: 60_000 }));
    await terminal.until(learnerPrompt, { timeoutMs: 60_000 });
    return terminal;
  }

  /** All that was printed, without escape sequences. */
  get text(): string {
    return strip(this.#raw);
  }

  /** Bytes that arrived so far. */
  get received(): number {
    return this.#bytes;
  }

  /** Whether the prompt at the end is the learner's, and not one in a container. */
  get atLearnersPrompt(): boolean {
    return learnerPrompt.test(this.text);
  }

  /** Forgets what was printed so far. */
  clear(): void {
    this.#raw = '';
  }

  /** Presses keys: sent as they are. */
  press(keys: string): void {
    this.pty.write(keys).catch(() => {
      // The shell is gone: whoever waits for its output is told.
    });
  }

  /** Stops taking output, like a terminal whose page is busy, until `unfreeze`. */
  freeze(): void {
    this.#paused ??= [];
  }

  unfreeze(): void {
    const waiting = this.#paused ?? [];
    this.#paused = undefined;
    for (const done of waiting) done();
  }

  /** Types a line and waits for the next prompt. Returns what the command printed, without echo and prompt. */
  async run(line: string, options: WaitOptions = {}): Promise<string> {
    this.clear();
    this.press(`${line}\r`);
    // The echo is behind the prompt that stood there; the next prompt has a line of its own.
    const printed = await this.until((text) => (text.includes('\n') ? text.slice(text.indexOf('\n')).match(anyPrompt) : null), { ...options, what: `the prompt after “${line}”` });
    return printed.slice(printed.indexOf('\n') + 1).replace(anyPrompt, '').replace(/\n$/, '');
  }

  /** Waits for a prompt at the end, behind the first `from` characters of what was printed. */
  async untilPrompt(from: number, options: WaitOptions = {}): Promise<void> {
    await this.until((text) => text.length > from && anyPrompt.test(text), { ...options, what: 'a prompt' });
  }

  /** Types a line whose output does not matter, as `run`, and rejects unless its exit code is 0. */
  async succeed(line: string, options: WaitOptions = {}): Promise<string> {
    const output = await this.run(line, options);
    const code = await this.run('echo "<$?>"');
    if (code.trim() !== '<0>') throw new Error(`“${line}” ended with exit code ${code.trim()}:\n${output}`);
    return output;
  }

  /** Waits until so many bytes have arrived in all. */
  async waitForBytes(count: number, timeoutMs = defaultMilliseconds): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (this.#bytes < count) {
      if (Date.now() > deadline) throw new Error(`${this.#bytes} instead of ${count} bytes within ${timeoutMs / 1000} s. Last output:\n${this.text.slice(-shownCharacters)}`);
      await Promise.race([this.#changed.promise, new Promise((resolve) => setTimeout(resolve, 1000))]);
    }
  }

  /** Waits until what was printed since `clear` or `run` fits. Returns all of it. */
  async until(wanted: RegExp | ((text: string) => unknown), options: WaitOptions & { what?: string } = {}): Promise<string> {
    const { timeoutMs = defaultMilliseconds, what = String(wanted) } = options;
    const fits = typeof wanted === 'function' ? wanted : (text: string) => wanted.test(text);
    const late = Promise.withResolvers<'late'>();
    const timer = setTimeout(() => late.resolve('late'), timeoutMs);
    const ended = this.pty.exit.then((code) => `the shell ended with exit code ${code}`, (error: unknown) => String(error));
    try {
      let gone: string | undefined;
      for (;;) {
        const text = this.text;
        if (fits(text)) return text;
        if (gone !== undefined) throw new Error(`${what} did not come: ${gone}. Last output:\n${text.slice(-shownCharacters)}`);
        const next = await Promise.race([this.#changed.promise, late.promise, ended]);
        if (next === 'late') throw new Error(`${what} did not come within ${timeoutMs / 1000} s. Last output:\n${text.slice(-shownCharacters)}`);
        if (typeof next === 'string') gone = next;
      }
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.pty.close();
  }
}

/** Without escape sequences, bells, and the carriage returns of line ends. */
function strip(raw: string): string {
  return stripVTControlCharacters(raw).replaceAll(/\r+\n/g, '\n').replaceAll('\r', '').replaceAll('\u0007', '');
}
