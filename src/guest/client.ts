/** Everything the page can do in the guest, over one link. See vm-images/agent/PROTOCOL.md. */
import type { Clock } from '../shared/clock.ts';
import type { DrydockError } from '../shared/errors.ts';
import { ByteWriter } from './bytes.ts';
import { AgentConnection, type HelloOptions } from './connection.ts';
import { exec, type ExecOptions, type ExecResult, openPty, prepareTerminal, type Pty, type PtyOptions } from './exec.ts';
import {
  type DirEntry,
  type FileChange,
  type FileOptions,
  listDir,
  readFile,
  type ReadOptions,
  type Watch,
  watchDir,
  writeFile,
  type WriteOptions,
} from './files.ts';
import { FrameType, maximumPayload } from './frames.ts';
import type { GuestLink } from './link.ts';
import { connectUnix, type Duplex } from './socket.ts';
import type { WaitOptions } from './supervise.ts';

export interface AgentClientOptions {
  /** User of the guest for whatever names no other; `guest.user` of the image manifest. */
  user: string;
  /**
   * Times every wait for the guest; the computer's clock unless given. One that stands still while the machine does keeps
   * what waits from failing by a pause.
   */
  clock?: Clock;
}

export class AgentClient {
  readonly #connection: AgentConnection;
  readonly #user: string;

  constructor(link: GuestLink, options: AgentClientOptions) {
    this.#connection = new AgentConnection(link, options.clock);
    this.#user = options.user;
  }

  /** Times every wait for the guest. */
  get clock(): Clock {
    return this.#connection.clock;
  }

  /** Must succeed before anything else. Fails with DD2002 (no answer), DD2003 (other version), DD2012 (link closed). */
  hello(options?: HelloOptions): Promise<void> {
    return this.#connection.hello(options);
  }

  /** Resolves (never rejects) with the reason once the link is gone; every operation fails from then on. */
  get lost(): Promise<DrydockError> {
    return this.#connection.lost;
  }

  /** Runs a command to its end; a non-zero exit code is a result, not an error. */
  exec(argv: readonly string[], options?: ExecOptions): Promise<ExecResult> {
    return exec(this.#connection, this.#user, argv, options);
  }

  openPty(options: PtyOptions & WaitOptions): Promise<Pty> {
    return openPty(this.#connection, this.#user, options);
  }

  /** The next `openPty` with the same command, user, folder and environment gets a terminal that has been started already. */
  prepareTerminal(options: PtyOptions & WaitOptions): Promise<void> {
    return prepareTerminal(this.#connection, this.#user, options);
  }

  connectUnix(path: string, options?: WaitOptions): Promise<Duplex> {
    return connectUnix(this.#connection, path, options);
  }

  readFile(path: string, options?: ReadOptions): Promise<Uint8Array<ArrayBuffer>> {
    return readFile(this.#connection, this.#user, path, options);
  }

  writeFile(path: string, content: string | Uint8Array, options?: WriteOptions): Promise<void> {
    return writeFile(this.#connection, this.#user, path, content, options);
  }

  listDir(path: string, options?: FileOptions): Promise<DirEntry[]> {
    return listDir(this.#connection, this.#user, path, options);
  }

  watch(path: string, onChange: (change: FileChange) => void, options?: FileOptions): Promise<Watch> {
    return watchDir(this.#connection, this.#user, path, onChange, options);
  }

  /** Sets the guest's clock: after a restore it stands where the state was saved. */
  setClock(date: Date): void {
    const milliseconds = date.getTime();
    const seconds = Math.floor(milliseconds / 1000);
    const payload = new ByteWriter().u64(seconds).u32(Math.floor(milliseconds - seconds * 1000) * 1_000_000).finish();
    this.#connection.sendControl(FrameType.CLOCK, payload, 'setting the clock');
  }

  /** Stirs randomness into the guest's kernel: a restored one would repeat what every other learner's draws. */
  addEntropy(bytes: Uint8Array): void {
    if (bytes.length === 0 || bytes.length > maximumPayload) throw new RangeError(`1 to ${maximumPayload} bytes of entropy, not ${bytes.length}`);
    this.#connection.sendControl(FrameType.ENTROPY, bytes, 'adding entropy');
  }
}
