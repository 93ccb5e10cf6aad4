/**
 * The one fake guest of the unit tests: the protocol's other side in memory.
 *
 * It speaks real frames with real windows over a GuestLink and records every breach by the host in `violations`; what
 * commands and sockets do is scripted by the test.
 */
import { ByteReader, ByteWriter, concatBytes } from '../bytes.ts';
import { controlChannel, encodeFrame, type Frame, FrameParser, FrameType, OpenKind, protocolVersion } from '../frames.ts';
import type { GuestLink } from '../link.ts';
import { FakeChannel } from './fake-channel.ts';
import { FakeFiles } from './fake-files.ts';

export interface FakeProcess {
  argv: string[];
  user: string;
  /** Empty: the user's home. */
  cwd: string;
  env: Record<string, string>;
  pty: boolean;
  /** Standard input, output and life of the process. */
  channel: FakeChannel;
  /** Writes to standard error. */
  writeError(data: string | Uint8Array): Promise<void>;
}

export interface FakeAgentOptions {
  /** Plays every command: returns the exit code. A command without it is refused with ENOENT. */
  exec?: ((process: FakeProcess) => Promise<number> | number) | undefined;
  /** Plays the servers behind Unix sockets, by path; ends the connection when it returns. */
  sockets?: Record<string, (connection: FakeChannel) => Promise<void> | void> | undefined;
  /** Cuts what is sent to the host into pieces, to prove that frames may be split anywhere. */
  split?: ((bytes: Uint8Array) => Uint8Array[]) | undefined;
  /** Version that the agent claims. */
  version?: number | undefined;
  /** The agent is there but silent. */
  mute?: boolean | undefined;
}

const ENOENT = 2;
const EISDIR = 21;
const ECONNREFUSED = 111;

export class FakeAgent {
  readonly files = new FakeFiles();
  readonly violations: string[] = [];
  /** Nonces of the HELLOs received. */
  readonly hellos: number[] = [];
  readonly entropy: Uint8Array[] = [];
  clock: { seconds: number; nanoseconds: number } | undefined;
  /** May be changed while the test runs. */
  options: FakeAgentOptions;
  readonly link: GuestLink;
  readonly #channels = new Map<number, FakeChannel>();
  readonly #parser = new FrameParser((frame) => this.#receive(frame));
  #toHost: (bytes: Uint8Array) => void = () => {};
  #onClose: (reason: Error) => void = () => {};
  #nextPid = 100;

  constructor(options: FakeAgentOptions = {}) {
    this.options = options;
    this.link = {
      send: (bytes) => {
        const copy = bytes.slice();
        queueMicrotask(() => this.#parser.push(copy));
      },
      onReceive: (receiver) => {
        this.#toHost = receiver;
      },
      onClose: (receiver) => {
        this.#onClose = receiver;
      },
    };
  }

  /** Channels that are open in the guest. */
  get openChannels(): number {
    return this.#channels.size;
  }

  /** The machine goes away. */
  stop(reason = new Error('the machine was stopped')): void {
    this.#abandonAll();
    this.#onClose(reason);
  }

  /** Raw bytes to the host, for what no proper agent would send. */
  sendRaw(bytes: Uint8Array): void {
    const pieces = this.options.split === undefined ? [bytes] : this.options.split(bytes);
    for (const piece of pieces) queueMicrotask(() => this.#toHost(piece.slice()));
  }

  #receive(frame: Frame): void {
    if (this.options.mute === true) return;
    if (frame.channel === controlChannel) this.#control(frame);
    else if (frame.type === FrameType.OPEN) this.#open(frame);
    else this.#channels.get(frame.channel)?.receive(frame);
  }

  #control(frame: Frame): void {
    const reader = new ByteReader(frame.payload);
    switch (frame.type) {
      case FrameType.HELLO: {
        reader.u32();
        const nonce = reader.u32();
        this.hellos.push(nonce);
        this.#abandonAll();
        const payload = new ByteWriter().u32(this.options.version ?? protocolVersion).u32(nonce).finish();
        this.sendRaw(encodeFrame(controlChannel, FrameType.HELLO_ACK, payload));
        return;
      }
      case FrameType.CLOCK:
        this.clock = { seconds: reader.u64(), nanoseconds: reader.u32() };
        return;
      case FrameType.ENTROPY:
        this.entropy.push(frame.payload);
        return;
      default:
        this.violations.push(`frame type ${frame.type} on the control channel`);
    }
  }

  #open(frame: Frame): void {
    if (this.#channels.has(frame.channel)) this.violations.push(`channel ${frame.channel} was opened twice`);
    const channel = new FakeChannel(frame.channel, {
      send: (number, type, payload) => this.sendRaw(encodeFrame(number, type, payload)),
      violation: (text) => this.violations.push(text),
      finished: (number) => this.#channels.delete(number),
    });
    this.#channels.set(frame.channel, channel);
    const reader = new ByteReader(frame.payload);
    const kind = reader.u8();
    if (kind === OpenKind.EXEC) void this.#exec(channel, reader);
    else if (kind === OpenKind.CONNECT) void this.#connect(channel, reader);
    else void this.#file(kind, channel, reader);
  }

  async #exec(channel: FakeChannel, reader: ByteReader): Promise<void> {
    const pty = (reader.u8() & 1) === 1;
    channel.size = { columns: reader.u16(), rows: reader.u16() };
    const user = reader.string();
    const cwd = reader.string();
    const argv = Array.from({ length: reader.u16() }, () => reader.string());
    const env = Object.fromEntries(Array.from({ length: reader.u16() }, () => splitPair(reader.string())));
    reader.end();
    const { exec } = this.options;
    if (exec === undefined) {
      channel.failed(ENOENT, 'No such file or directory');
      return;
    }
    channel.opened(this.#nextPid++);
    const code = await exec({ argv, user, cwd, env, pty, channel, writeError: (data) => channel.write(data, FrameType.ERRDATA) });
    channel.eof();
    channel.exit(code);
  }

  async #connect(channel: FakeChannel, reader: ByteReader): Promise<void> {
    const serve = this.options.sockets?.[reader.string()];
    if (serve === undefined) {
      channel.failed(ECONNREFUSED, 'Connection refused');
      return;
    }
    channel.opened(0);
    await serve(channel);
    channel.eof();
    channel.exit(0);
  }

  async #file(kind: number, channel: FakeChannel, reader: ByteReader): Promise<void> {
    reader.string();
    const path = reader.string();
    const file = this.files.get(path);
    if (kind === OpenKind.WRITE) {
      const mode = reader.u16();
      channel.opened(0);
      const parts: Uint8Array[] = [];
      for (let part = await channel.read(); part !== null; part = await channel.read()) parts.push(part);
      if (!channel.closed.signal.aborted) this.files.set(path, concatBytes(parts), mode === 0 ? ((file?.mode ?? 0o644) & 0o7777) : mode);
    } else if (kind === OpenKind.READ) {
      if (file === undefined) {
        if (this.files.isDirectory(path)) channel.failed(EISDIR, 'Is a directory');
        else channel.failed(ENOENT, 'No such file or directory');
        return;
      }
      channel.opened(0);
      await channel.write(file.bytes);
    } else if (!this.files.isDirectory(path)) {
      channel.failed(ENOENT, 'No such file or directory');
      return;
    } else if (kind === OpenKind.LIST) {
      channel.opened(0);
      for (const [name, entry] of this.files.list(path)) {
        const writer = new ByteWriter().u8((entry === null ? 'd' : 'f').charCodeAt(0));
        writer.u32(entry?.mode ?? 0o40755).u64(entry?.bytes.length ?? 4096).u64(entry?.modified ?? 1_700_000_000);
        await channel.write(writer.string(name).finish());
      }
    } else {
      channel.opened(0);
      const stop = this.files.watch(path, (what, isDirectory, relative) => {
        const record = new ByteWriter().u8(what.charCodeAt(0)).u8(isDirectory ? 1 : 0).string(relative).finish();
        void channel.write(record);
      });
      channel.closed.signal.addEventListener('abort', stop, { once: true });
      return;
    }
    channel.eof();
    channel.exit(0);
  }

  #abandonAll(): void {
    const channels = [...this.#channels.values()];
    this.#channels.clear();
    for (const channel of channels) channel.abandon();
  }
}

function splitPair(text: string): [string, string] {
  const at = text.indexOf('=');
  return [text.slice(0, at), text.slice(at + 1)];
}
