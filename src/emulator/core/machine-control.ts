/** What one can do with a machine once it is built; `createMachine` builds it. */
import type { V86 } from 'v86';
import { DrydockError } from '../../shared/errors.ts';
import type { PendingReads } from './disk/v86-disk.ts';
import { sampleMilliseconds, type InstructionCounter } from './instruction-counter.ts';
import { optimizeEarly } from './hot-code/early-optimizing.ts';
import type { HotPage } from './hot-code/hot-code.ts';
import { QuietGuest } from './hot-code/quiet-guest.ts';
import { compileAhead, noteHotCode } from './hot-code/warm-up.ts';
import type { JitStats } from './jit/jit-modules.ts';
import type { GuestMemory, SavedMemory } from './memory/guest-memory.ts';
import type { PacedLink } from './link/paced-link.ts';
import type { MachineEnd } from './machine.ts';
import type { Scheduler } from './scheduler.ts';
import type { SerialPort } from './serial-port.ts';
import type { EmulatorWasm } from './wasm.ts';

export interface MachineStats extends JitStats {
  /** Guest instructions executed since the machine was built. */
  instructions: number;
  /** Memory of the emulator: guest memory, video memory and v86's own, in bytes. */
  memoryBytes: number;
}

/** How long `saveState` lets the machine run on so that disk reads under way come to their end. */
const quiesceMilliseconds = 30_000;
/** How often it looks. */
const quiesceStepMilliseconds = 5;

export interface MachineParts {
  emulator: V86;
  link: PacedLink;
  memory: GuestMemory;
  serial: SerialPort;
  pending: PendingReads;
  wasm: EmulatorWasm;
  counter: InstructionCounter;
  scheduler: Scheduler;
  /** See `V86Internals.nudge`. */
  nudge: () => void;
  onEnd: ((how: MachineEnd) => void) | undefined;
}

export class Machine {
  /** The pipe to the agent in the guest. Closed when the machine ends or is destroyed. */
  readonly link: PacedLink;
  /** The guest's memory, for whoever brings its parts. */
  readonly memory: GuestMemory;
  readonly #parts: MachineParts;
  readonly #holds = new Set<string>();
  readonly #sampler: ReturnType<typeof setInterval>;
  #wanted = false;
  #destroyed = false;
  #ended = false;
  /** Runs and stops take effect one after the other: v86's own stop never ends when it is overtaken by a run. */
  #queue: Promise<void> = Promise.resolve();

  constructor(parts: MachineParts) {
    this.#parts = parts;
    this.link = parts.link;
    this.memory = parts.memory;
    this.#sampler = setInterval(() => parts.counter.sample(), sampleMilliseconds);
  }

  /** Lets the guest execute, unless something holds it. */
  run(): Promise<void> {
    this.#wanted = true;
    return this.#apply();
  }

  /** Resolves when the guest has stopped. Its memory stays as it is. */
  stop(): Promise<void> {
    this.#wanted = false;
    return this.#apply();
  }

  /**
   * Stops the guest for a reason of the host's own, such as a disk part that cannot be had, without touching what
   * `run` and `stop` said. Reasons add up; the guest runs when all are released.
   */
  hold(reason: string): Promise<void> {
    this.#holds.add(reason);
    return this.#apply();
  }

  release(reason: string): Promise<void> {
    this.#holds.delete(reason);
    return this.#apply();
  }

  /** For whoever built the machine: it has come to its end. It stays as it is until `destroy`. */
  end(how: MachineEnd): void {
    if (this.#ended || this.#destroyed) return;
    this.#ended = true;
    this.link.close(typeof how === 'string' ? new DrydockError('machine-stopped', {}) : how);
    this.#parts.onEnd?.(how);
  }

  /** Types into the guest's ttyS0. */
  serialInput(text: string): void {
    this.#parts.serial.write(text);
  }

  /**
   * Has the code compiled that the guest is going to run; see hot-code/warm-up.ts. Call it before `run`, so that what is
   * noted counts from the start. `ahead` tells when to begin with what the guest has not come to yet.
   */
  async warmUp(pages: readonly HotPage[], ahead: Promise<void>, signal: AbortSignal): Promise<void> {
    const { hot } = this.#parts.wasm.exports();
    if (hot === undefined) return;
    noteHotCode(pages, hot);
    await ahead;
    const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
    const guest = new QuietGuest({ instructions: () => this.#parts.counter.sample(), now: () => performance.now(), pause }, signal);
    await compileAhead({
      pages,
      exports: hot,
      ready: (page) => this.memory.hasPage(page),
      idle: () => this.#parts.scheduler.idle(),
      quiet: () => guest.quiet(),
      optimize: (code) => optimizeEarly(code),
      pause,
      signal,
    });
  }

  /** Counters since the machine was built. */
  stats(): MachineStats {
    return { instructions: this.#parts.counter.sample(), ...this.#parts.wasm.stats() };
  }

  /**
   * The whole machine as one buffer; leaves it stopped. Disk reads under way are not part of a state, so the machine
   * runs on until there are none. Nor is what waits in the link: close the channels first.
   *
   * Rejects with `machine-unresponsive` if the disk does not come to rest.
   */
  async saveState(): Promise<ArrayBuffer> {
    await this.#quiesce();
    this.memory.complete();
    return this.#parts.emulator.save_state();
  }

  /** As `saveState`, with the memory apart, for a machine whose memory comes in parts. */
  async saveApart(): Promise<{ state: ArrayBuffer; memory: SavedMemory }> {
    await this.#quiesce();
    const memory = this.memory.takeOut();
    try {
      return { state: await this.#parts.emulator.save_state(), memory };
    } finally {
      this.memory.putBack(memory);
    }
  }

  /**
   * What a session has to keep: the state without the memory, and the pages that are not as published. Leaves the
   * machine stopped; parts that are not in place stay away.
   *
   * Rejects with `machine-unresponsive` if the disk does not come to rest, or the guest does not read what was sent.
   */
  async saveChanges(): Promise<{ state: ArrayBuffer; memory: SavedMemory }> {
    await this.#quiesce();
    const memory = this.memory.copyChanges();
    return { state: await this.memory.leaveOut(() => this.#parts.emulator.save_state()), memory };
  }

  /** Nothing of the host's is under way in the guest: no disk read, no frame that was sent in part. */
  async #quiesce(): Promise<void> {
    const deadline = Date.now() + quiesceMilliseconds;
    const { pending, link, emulator } = this.#parts;
    for (;;) {
      await this.stop();
      // Somebody else may have let it run again.
      if (!emulator.is_running() && pending.count === 0 && link.pressure.waiting === 0) return;
      if (Date.now() > deadline) throw new DrydockError('machine-unresponsive', { seconds: quiesceMilliseconds / 1000 });
      await this.run();
      await new Promise((resolve) => setTimeout(resolve, quiesceStepMilliseconds));
    }
  }

  /** Stops for good and lets go of everything. The disks are the caller's to close. */
  async destroy(): Promise<void> {
    if (this.#destroyed) return;
    this.#wanted = false;
    await this.#apply();
    this.#destroyed = true;
    clearInterval(this.#sampler);
    this.link.close();
    await this.#parts.emulator.destroy();
    this.#parts.scheduler.close();
  }

  #apply(): Promise<void> {
    const next = this.#queue.then(async () => {
      if (this.#destroyed) return;
      const { emulator } = this.#parts;
      const should = this.#wanted && this.#holds.size === 0 && !this.#ended;
      if (should && !emulator.is_running()) await emulator.run();
      if (!should && emulator.is_running()) {
        const stopped = emulator.stop();
        if (this.#ended) this.#parts.nudge();
        await stopped;
      }
    });
    // A failure is the caller's who waits for it; the next one starts afresh.
    this.#queue = next.catch(() => undefined);
    return next;
  }
}
