/**
 * The machine as the lab sees it: one state, and the agent's client while there is one.
 *
 * Joins the emulator's lifecycle with the greeting of the agent: the machine counts as running only when the agent has
 * answered, the clock is right and the guest's randomness is fresh.
 */
import type { Arrival, SavedMachine } from '../../emulator/client/machine-client.ts';
import { AgentClient } from '../../guest/client.ts';
import { patientGreeting } from '../../guest/connection.ts';
import type { GuestLink } from '../../guest/link.ts';
import { askForRestart, restartMilliseconds } from '../../guest/restart.ts';
import type { Connection } from '../../network/connection.ts';
import type { RegistryAccess } from '../../network/registry/access-log.ts';
import { systemClock, type Clock } from '../../shared/clock.ts';
import { DrydockError, isDrydockError, toDrydockError } from '../../shared/errors.ts';
import { PausableClock } from '../../shared/pausable-clock.ts';
import { Emitter } from '../emitter.ts';

export type LabState =
  | { kind: 'idle' }
  | { kind: 'loading'; receivedBytes: number; totalBytes: number }
  | { kind: 'restoring' }
  /** The machine runs, the agent has not answered yet. */
  | { kind: 'starting' }
  | { kind: 'running'; preparing?: Preparing }
  /** All programs of the guest end and begin again; its memory and its kernel stay. */
  | { kind: 'restarting' }
  | { kind: 'paused' }
  | { kind: 'stopped' }
  /** `retryable`: `start` may help and loses nothing. Otherwise only `reset` does, which the learner has to be asked about. */
  | { kind: 'failed'; error: DrydockError; retryable: boolean };

/** The start of the lesson is being made: step `done + 1` of `total`. */
export interface Preparing {
  done: number;
  total: number;
}

/** The learner in the guest, from the image's manifest. */
export interface Guest {
  user: string;
  home: string;
}

/** What the emulator's client tells and does; src/lab/machine/emulator.ts makes one of the real client. */
export interface Machine {
  /** `starting` and `restarting` do not occur here. */
  onState(listener: (state: LabState) => void): void;
  /** Loads and runs it. */
  start(): void;
  /** After a failure that is retryable: what failed again. */
  retry(): void;
  pause(): void;
  resume(): void;
  /** Back to the saved state; a new link follows. */
  reset(): void;
  /** A link for every time that the machine begins to run from a saved state, and for every time that its agent starts again. */
  onLink(listener: (link: GuestLink, guest: Guest, arrival: Arrival) => void): void;
  /** Opens a TCP connection to a port of the guest. Rejects with `ConnectionError`, or with the signal's reason. */
  connect(port: number, signal: AbortSignal): Promise<Connection>;
  /** What differs from the published image, for `restore`. */
  save(): Promise<SavedMachine>;
  /** Throws away what runs and goes on from what was saved; a new link follows. */
  restore(image: Blob): void;
  /** Guest instructions executed so far; undefined while there is no machine. */
  instructions(): Promise<number | undefined>;
  /** Each request of the guest to a registry of the network, once its answer is over. */
  onRegistryAccess(listener: (access: RegistryAccess) => void): void;
}

/** Bytes for the guest's kernel: twice the 256 bits that its generator is keyed with. */
const entropyBytes = 64;

export class LabSession {
  readonly #machine: Machine;
  readonly #clock: PausableClock;
  readonly #states = new Emitter<LabState>();
  readonly #agents = new Emitter<AgentClient | undefined>();
  readonly #accesses = new Emitter<RegistryAccess>();
  #machineState: LabState = { kind: 'idle' };
  /** The way to the agent of the machine that is there. */
  #way: { link: GuestLink; user: string } | undefined;
  #agent: AgentClient | undefined;
  #greeting: AgentClient | undefined;
  /** Why there is no agent, though the machine may run. */
  #agentError: DrydockError | undefined;
  /** Calls its limit off; undefined while there is no restart. */
  #restarting: (() => void) | undefined;
  #home = '/';
  #woken = false;
  #cameWithStart = false;
  #preparing: Preparing | undefined;
  /** Undefined until somebody has begun to make the start, as where there is none. */
  #prepared: boolean | undefined;

  constructor(machine: Machine, clock: Clock = systemClock) {
    this.#machine = machine;
    this.#clock = new PausableClock(clock);
    this.#clock.pause();
    machine.onState((state) => this.#onMachineState(state));
    machine.onRegistryAccess((access) => this.#accesses.emit(access));
    machine.onLink((link, { user, home }, arrival) => {
      this.#home = home;
      this.#way = { link, user };
      if (arrival !== 'again') {
        this.#cameWithStart = arrival === 'prepared';
        this.#preparing = undefined;
        this.#prepared = undefined;
      }
      void this.#greet();
    });
  }

  get state(): LabState {
    if (this.#machineState.kind !== 'running') return this.#machineState;
    if (this.#agentError) return { kind: 'failed', error: this.#agentError, retryable: true };
    if (this.#restarting) return { kind: 'restarting' };
    if (!this.#agent) return { kind: 'starting' };
    return this.#preparing ? { kind: 'running', preparing: this.#preparing } : { kind: 'running' };
  }

  get agent(): AgentClient | undefined {
    return this.#agent;
  }

  /** Stands still while the guest does: for limits on what it is to do. */
  get clock(): Clock {
    return this.#clock;
  }

  /** The learner's home directory in the guest; meaningful while there is an agent. */
  get home(): string {
    return this.#home;
  }

  /** Whether the machine goes on from what its learner saved. */
  get woken(): boolean {
    return this.#woken;
  }

  /** Whether the start of the lesson was in the machine when its agent came. */
  get cameWithStart(): boolean {
    return this.#cameWithStart;
  }

  /** Whether the lesson has its start: false while it is made, and when that failed. */
  get prepared(): boolean {
    return this.#prepared ?? true;
  }

  /** For whoever makes the start of the lesson: how far it is, and how it ended. */
  prepare(progress: Preparing | 'done' | 'failed'): void {
    this.#prepared = progress === 'done';
    this.#preparing = typeof progress === 'object' ? progress : undefined;
    this.#states.emit(this.state);
  }

  /** Calls back at once, and for every change. */
  onState(listener: (state: LabState) => void): () => void {
    listener(this.state);
    return this.#states.on(listener);
  }

  /** Calls back at once, and for every machine that comes (a client) or goes (`undefined`). */
  onAgent(listener: (agent: AgentClient | undefined) => void): () => void {
    listener(this.#agent);
    return this.#agents.on(listener);
  }

  /** Calls back for each request to a registry, once its answer is over. */
  onRegistryAccess(listener: (access: RegistryAccess) => void): () => void {
    return this.#accesses.on(listener);
  }

  /**
   * Starts the machine unless it is on its way; after a failure tries again what failed. Throws nothing away.
   * @returns false where that cannot help, but only a reset
   */
  start(): boolean {
    const { state } = this;
    if (state.kind === 'idle' || state.kind === 'stopped') {
      this.#woken = false;
      this.#machine.start();
    } else if (state.kind === 'failed') {
      if (!state.retryable) return false;
      if (this.#machineState.kind === 'running') void this.#greet();
      else this.#machine.retry();
    }
    return true;
  }

  /** @returns whether there was something to pause */
  pause(): boolean {
    if (this.state.kind !== 'running') return false;
    this.#machine.pause();
    return true;
  }

  resume(): void {
    if (this.state.kind === 'paused') this.#machine.resume();
  }

  /** Opens a TCP connection to a port of the guest. Rejects with `ConnectionError`, or with the signal's reason. */
  connect(port: number, signal: AbortSignal): Promise<Connection> {
    return this.#machine.connect(port, signal);
  }

  /** Whether it can be restarted: it runs, and the lesson's start is not being made. */
  get restartable(): boolean {
    return this.state.kind === 'running' && this.#preparing === undefined;
  }

  /**
   * Ends all programs of the guest and begins again, as after switching it off and on: files, images and containers stay.
   * Resolves when it has begun. Rejects with `restart-refused`, in which case the machine runs on.
   */
  async restart(): Promise<void> {
    const agent = this.#agent;
    if (!agent || !this.restartable) throw new DrydockError('restart-refused', { reason: `it is ${this.state.kind}` });
    await askForRestart(agent);
    // Its agent may have come back meanwhile.
    if (this.#agent !== agent) return;
    this.#restarting = this.#clock.after(restartMilliseconds, () => this.#fail(new DrydockError('guest-agent-missing', { seconds: restartMilliseconds / 1000 })));
    this.#setAgent(undefined);
    this.#states.emit(this.state);
  }

  /** Takes the machine back to the published state. */
  reset(): void {
    this.#woken = false;
    this.#leave();
    this.#machine.reset();
  }

  /** What `restore` needs, and the id of the image that it differs from. The guest stands still for a moment. */
  async save(): Promise<SavedMachine> {
    const saved = await this.#machine.save();
    this.#agent?.setClock(new Date());
    return saved;
  }

  /** Throws away what runs, if anything, and goes on from what was saved. */
  restore(image: Blob): void {
    this.#woken = true;
    this.#leave();
    this.#machine.restore(image);
  }

  /** Guest instructions executed so far; undefined while there is no machine. */
  instructions(): Promise<number | undefined> {
    return this.#machine.instructions();
  }

  /** Greets the agent of the machine that is there, as often as it is needed: what is in the machine stays. */
  async #greet(): Promise<void> {
    if (this.#way === undefined) return;
    const { link, user } = this.#way;
    const agent = new AgentClient(link, { user, clock: this.#clock });
    this.#greeting = agent;
    // The agent before may have been lost in the middle of what makes the start.
    this.#cameWithStart = this.#prepared ?? this.#cameWithStart;
    this.#endRestart();
    this.#agentError = undefined;
    this.#setAgent(undefined);
    this.#states.emit(this.state);
    try {
      await agent.hello(patientGreeting);
      if (this.#greeting !== agent) return;
      agent.setClock(new Date());
      agent.addEntropy(crypto.getRandomValues(new Uint8Array(entropyBytes)));
      void agent.lost.then((error) => this.#lost(agent, error));
      this.#setAgent(agent);
      this.#states.emit(this.state);
    } catch (error) {
      if (this.#greeting === agent) this.#fail(toDrydockError(error));
    }
  }

  /** With the machine goes its link; a link that breaks while the machine runs is a failure of its own. */
  #lost(agent: AgentClient, error: DrydockError): void {
    if (this.#agent !== agent) return;
    this.#setAgent(undefined);
    this.#fail(error);
  }

  /** There is no agent, whatever the machine does. */
  #fail(error: DrydockError): void {
    this.#endRestart();
    // What broke the link says more than that it is closed.
    this.#agentError = isDrydockError(error, 'link-closed') && isDrydockError(error.cause) ? error.cause : error;
    this.#states.emit(this.state);
  }

  /** The machine that is there will be thrown away. */
  #leave(): void {
    this.#endRestart();
    this.#agentError = undefined;
    this.#greeting = undefined;
    this.#way = undefined;
    this.#setAgent(undefined);
  }

  #endRestart(): void {
    this.#restarting?.();
    this.#restarting = undefined;
  }

  #onMachineState(state: LabState): void {
    const resumed = this.#machineState.kind === 'paused' && state.kind === 'running';
    this.#machineState = state;
    if (state.kind === 'running') this.#clock.resume();
    else this.#clock.pause();
    // The guest's clock stood still.
    if (resumed) this.#agent?.setClock(new Date());
    this.#states.emit(this.state);
  }

  #setAgent(agent: AgentClient | undefined): void {
    if (this.#agent === agent) return;
    this.#agent = agent;
    this.#agents.emit(agent);
  }
}
