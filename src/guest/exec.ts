/** Processes in the guest: commands that end by themselves, and terminals. */
import { DrydockError } from '../shared/errors.ts';
import { ByteWriter, decodeUtf8, encodeUtf8 } from './bytes.ts';
import type { Channel, ChannelReceiver } from './channel.ts';
import { Collector } from './collect.ts';
import type { AgentConnection } from './connection.ts';
import { maximumPayload, OpenKind } from './frames.ts';
import { isolated } from './isolated.ts';
import { supervise, type WaitOptions } from './supervise.ts';

export interface ProcessOptions {
  /** User of the guest; the client's own unless given. */
  user?: string | undefined;
  /** Working directory; the user's home unless given. */
  cwd?: string | undefined;
  /** Added to the environment that the agent sets up. */
  env?: Readonly<Record<string, string>> | undefined;
}

export interface ExecOptions extends ProcessOptions, WaitOptions {
  /** Standard input; empty unless given. */
  input?: string | Uint8Array | undefined;
  /** Most bytes of output and error output together; 1 MiB unless given. */
  maxOutputBytes?: number | undefined;
}

export interface ExecResult {
  /** 0..255, or 128 + the number of the signal that ended it. */
  exitCode: number;
  /** Standard output as UTF-8. */
  stdout: string;
  stderr: string;
  stdoutBytes: Uint8Array<ArrayBuffer>;
}

export interface PtyOptions extends ProcessOptions {
  /** Program and arguments. */
  command: readonly string[];
  columns: number;
  rows: number;
}

/**
 * What the lab opens in a terminal, and what waits in a saved machine to be opened: an interactive shell, but no login shell.
 * That one would read all of bash-completion before its first prompt, two seconds here. The agent has set up what a login
 * would, and the learner's .bashrc loads completion at the first Tab.
 */
export const shellCommand: readonly string[] = ['bash'];

/** A terminal in the guest. */
export interface Pty {
  readonly pid: number;
  /** Resolves when the guest had room for it. A string is sent as UTF-8. */
  write(data: string | Uint8Array): Promise<void>;
  resize(columns: number, rows: number): void;
  /**
   * Takes the output, what had arrived before included. Call `done` once a piece is dealt with (xterm's write callback):
   * the guest gets room again only then. One receiver at a time.
   */
  onData(receiver: (bytes: Uint8Array, done: () => void) => void): void;
  /** The exit code, or 128 + signal number. Rejects when the terminal was closed from here or the link was lost. */
  readonly exit: Promise<number>;
  /** Hangs up. */
  close(): void;
}

const defaultMaxOutputBytes = 1 << 20;
const defaultExecTimeoutMs = 60_000;
/** Of an EXEC, see vm-images/agent/PROTOCOL.md. */
const ExecFlags = { PTY: 1, LATER: 2 } as const;
const noSize = { columns: 0, rows: 0 };

/** Runs a command. The exit code is part of the result, not an error. */
export async function exec(connection: AgentConnection, user: string, argv: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
  const what = argv.join(' ');
  const collector = new Collector(options.maxOutputBytes ?? defaultMaxOutputBytes);
  const channel = connection.open(openPayload(what, 0, noSize, argv, { ...options, user: options.user ?? user }), what, collector);
  collector.attach(channel);
  const { input } = options;
  if (input !== undefined) {
    const bytes = typeof input === 'string' ? encodeUtf8(input) : input;
    // A command may end without reading its input; its exit code tells more than the broken pipe.
    channel.write(bytes).catch(() => {});
  }
  channel.end();
  const exitCode = await supervise(channel, { timeoutMs: defaultExecTimeoutMs, ...options }, channel.ended);
  const stdoutBytes = collector.bytes('out');
  return { exitCode, stdout: decodeUtf8(stdoutBytes), stderr: decodeUtf8(collector.bytes('err')), stdoutBytes };
}

/** Opens a terminal; rejects when the command cannot be started. */
export async function openPty(connection: AgentConnection, user: string, options: PtyOptions & WaitOptions): Promise<Pty> {
  const early: Uint8Array[] = [];
  let receiver: ((bytes: Uint8Array, done: () => void) => void) | undefined;
  const channel: Channel = openTerminal(connection, user, ExecFlags.PTY, options, {
    data(bytes) {
      if (receiver === undefined) early.push(bytes);
      else deliver(receiver, bytes);
    },
  });
  const deliver = (to: (bytes: Uint8Array, done: () => void) => void, bytes: Uint8Array) => {
    let done = false;
    isolated(() =>
      to(bytes, () => {
        if (done) return;
        done = true;
        channel.consumed(bytes.length);
      }),
    );
  };
  const pid = await supervise(channel, options, channel.opened);
  return {
    pid,
    write: (data) => channel.write(typeof data === 'string' ? encodeUtf8(data) : data),
    resize: (columns, rows) => channel.resize(columns, rows),
    onData(next) {
      receiver = next;
      for (const bytes of early.splice(0)) deliver(next, bytes);
    },
    exit: channel.ended,
    close: () => channel.close(),
  };
}

/**
 * Has a terminal started that waits for whoever opens one with the same command, user, folder and environment next: in a
 * saved machine that is a shell at its prompt. Resolves once it was started; rejects when it cannot be.
 */
export async function prepareTerminal(connection: AgentConnection, user: string, options: PtyOptions & WaitOptions): Promise<void> {
  const channel = openTerminal(connection, user, ExecFlags.PTY | ExecFlags.LATER, options, { data: () => undefined });
  await supervise(channel, options, channel.ended);
}

function openTerminal(connection: AgentConnection, user: string, flags: number, options: PtyOptions, receiver: ChannelReceiver): Channel {
  const what = `terminal with ${options.command.join(' ')}`;
  return connection.open(openPayload(what, flags, options, options.command, { ...options, user: options.user ?? user }), what, receiver);
}

function openPayload(
  what: string,
  flags: number,
  size: { columns: number; rows: number },
  argv: readonly string[],
  options: ProcessOptions & { user: string },
): Uint8Array {
  const environment = Object.entries(options.env ?? {});
  const refuse = (reason: string) => new DrydockError('guest-request-invalid', { what, reason });
  if (argv.length === 0) throw refuse('there is no command');
  const writer = new ByteWriter();
  try {
    writer.u8(OpenKind.EXEC).u8(flags).u16(size.columns).u16(size.rows);
    writer.string(options.user).string(options.cwd ?? '');
    writer.u16(argv.length);
    for (const argument of argv) writer.string(argument);
    writer.u16(environment.length);
    for (const [name, value] of environment) writer.string(`${name}=${value}`);
  } catch (error) {
    throw error instanceof RangeError ? refuse(error.message) : error;
  }
  const payload = writer.finish();
  if (payload.length > maximumPayload) throw refuse(`command and environment have more than ${maximumPayload} bytes`);
  return payload;
}
