/**
 * One machine as the page sees it: a worker to start and throw away, its lifecycle, its link.
 *
 * It does not greet the agent. `running` here means that the guest executes; whoever takes the link (the lab's session)
 * says HELLO, sets the clock and adds entropy before he shows the machine as running, and sets the clock again after a
 * pause.
 */
import type { GuestLink } from '../../guest/link.ts';
import { ConnectionError, type Connection } from '../../network/connection.ts';
import type { RegistryAccess } from '../../network/registry/access-log.ts';
import { DrydockError, deserializeError, reasonOf, serializeError } from '../../shared/errors.ts';
import type { ImageManifest } from '../../shared/manifest.ts';
import type { StartState } from '../../shared/starts.ts';
import type { Lifecycle } from '../core/lifecycle.ts';
import type { MachineStats } from '../core/machine-control.ts';
import { toPageSchema, type ToPage, type ToWorker } from '../protocol.ts';
import { ChannelConnection } from './channel-connection.ts';
import { PageLink } from './page-link.ts';
import { browserThrift, watchThrift, type ThriftSource } from './thrift.ts';
import { Watchdog } from './watchdog.ts';

/** What of a Worker is used, so that tests can stand in for it. */
export type WorkerLike = Pick<Worker, 'postMessage' | 'terminate' | 'onmessage' | 'onmessageerror' | 'onerror'>;

/** Loads the machine's thread; it does nothing until it is told to start. */
export function startWorker(): Worker {
  return new Worker(new URL('../worker.ts', import.meta.url), { type: 'module' });
}

export type Guest = ImageManifest['guest'];

export interface SavedMachine {
  /** For `start`. */
  image: Blob;
  /** `id` of the published image that it differs from. */
  imageId: string;
}

/** What a machine begins from in place of the published state. */
export interface Origin {
  /** What `save` brought. */
  session?: Blob;
  /** The start of an exercise, which a reset goes back to as well. */
  start?: StartState;
}

export interface MachineClientOptions {
  createWorker?: () => WorkerLike;
  /** What tells that data or power are to be spared; the browser unless given. */
  thrift?: ThriftSource;
}

/** The guest may take half a minute to come to rest, and packing takes seconds on a slow machine. */
const saveMilliseconds = 120_000;

/** Counters come from a worker that may be busy with a slice of emulation, never for longer than this. */
const statsMilliseconds = 5000;

interface Session {
  worker: WorkerLike;
  watchdog: Watchdog;
  link: PageLink;
  /** The guest, once there is a machine. */
  guest: Guest | undefined;
  connections: Set<ChannelConnection>;
  /** Fires when the session is over. */
  over: AbortController;
  /** Whether the worker was heard at all. */
  alive: boolean;
}

/**
 * What the machine of a link brings: the start of the exercise, or what a session had in it; nothing but the image; or it is the
 * machine that was here before, whose agent has started again, as far as it was made.
 */
export type Arrival = 'prepared' | 'bare' | 'again';

type LinkListener = (link: GuestLink, guest: Guest, arrival: Arrival) => void;

export class MachineClient {
  readonly #createWorker: () => WorkerLike;
  readonly #thrift: ThriftSource;
  readonly #lifecycleListeners = new Set<(state: Lifecycle) => void>();
  readonly #linkListeners = new Set<LinkListener>();
  readonly #registryListeners = new Set<(access: RegistryAccess) => void>();
  readonly #statsWaiting = new Map<number, (stats: MachineStats | null) => void>();
  readonly #savesWaiting = new Map<number, PromiseWithResolvers<SavedMachine>>();
  #lifecycle: Lifecycle = { phase: 'idle' };
  #manifestUrl: string | undefined;
  /** What the machine was started from. */
  #origin: Origin = {};
  #session: Session | undefined;
  #lastId = 0;

  constructor(options: MachineClientOptions = {}) {
    this.#createWorker = options.createWorker ?? startWorker;
    this.#thrift = options.thrift ?? browserThrift();
  }

  get lifecycle(): Lifecycle {
    return this.#lifecycle;
  }

  /** Calls back for every change; returns a function that ends it. */
  onLifecycle(listener: (state: Lifecycle) => void): () => void {
    this.#lifecycleListeners.add(listener);
    return () => this.#lifecycleListeners.delete(listener);
  }

  /**
   * Calls back for every machine that is about to run, after a start and after each reset, and when its agent has started again.
   */
  onLink(listener: LinkListener): () => void {
    this.#linkListeners.add(listener);
    return () => this.#linkListeners.delete(listener);
  }

  /** Calls back for each request that the guest makes to a registry of the network; returns a function that ends it. */
  onRegistryAccess(listener: (access: RegistryAccess) => void): () => void {
    this.#registryListeners.add(listener);
    return () => this.#registryListeners.delete(listener);
  }

  /**
   * Loads and runs the image at the URL (relative to the page). Resolves when the guest executes; rejects with the
   * error of the state `failed`, with `machine-stopped`, or with `operation-cancelled` when the signal fires, which
   * stops everything. Whatever ran before is thrown away. With a session the machine goes on where it was then;
   * `session-invalid` and `session-other-image` are its failures.
   */
  async start(manifestUrl: string, { signal, ...origin }: Origin & { signal?: AbortSignal } = {}): Promise<void> {
    if (signal?.aborted === true) throw cancelled(signal);
    this.#manifestUrl = new URL(manifestUrl, globalThis.location?.href).href;
    this.#origin = origin;
    this.#discard();
    this.#open(this.#manifestUrl, origin);
    await this.#untilRunning(signal);
  }

  /** After a failure that is retryable: tries again what failed. Does nothing after any other one, where only `reset` helps. */
  async retry(): Promise<void> {
    if (this.#lifecycle.phase !== 'failed' || !this.#lifecycle.retryable || this.#manifestUrl === undefined) return;
    if (this.#session === undefined) return this.start(this.#manifestUrl, this.#origin);
    this.#post({ type: 'retry', manifestUrl: this.#manifestUrl });
    // The worker's next state decides; the failure shown now is the old one.
    await this.#untilRunning(undefined, this.#lifecycle);
  }

  /** Back to the published state or the start of the exercise, in a new worker; what was downloaded comes from the browser's cache. */
  async reset(): Promise<void> {
    if (this.#manifestUrl === undefined) throw new DrydockError('machine-stopped', {});
    const { start } = this.#origin;
    await this.start(this.#manifestUrl, { ...(start && { start }) });
  }

  /** Stops the guest's time until `resume`. */
  pause(): void {
    this.#post({ type: 'pause' });
  }

  resume(): void {
    this.#post({ type: 'resume' });
  }

  /** Ends the machine and gives its memory back. `start` and `reset` begin anew. */
  stop(): void {
    this.#discard();
    if (this.#lifecycle.phase !== 'idle') this.#show({ phase: 'stopped', how: 'host' });
  }

  /** Counters, or `undefined` while there is no machine. Rejects with `machine-unresponsive`. */
  async stats(): Promise<MachineStats | undefined> {
    if (this.#session === undefined) return undefined;
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#statsWaiting.delete(id);
        reject(new DrydockError('machine-unresponsive', { seconds: statsMilliseconds / 1000 }));
      }, statsMilliseconds);
      this.#statsWaiting.set(id, (stats) => {
        clearTimeout(timer);
        resolve(stats ?? undefined);
      });
      this.#post({ type: 'stats', id });
    });
  }

  /**
   * Opens a TCP connection to a port of the guest, as a neighbor on its network would. Rejects with `ConnectionError`
   * (`refused`: nothing listens; `unreachable`: there is no machine), or with the signal's reason.
   */
  async connect(port: number, options: { signal?: AbortSignal } = {}): Promise<Connection> {
    const session = this.#session;
    options.signal?.throwIfAborted();
    if (session === undefined) throw new ConnectionError('unreachable', 'there is no machine');
    const { port1, port2 } = new MessageChannel();
    const connection: ChannelConnection = new ChannelConnection(port1, () => session.connections.delete(connection));
    session.connections.add(connection);
    session.worker.postMessage({ type: 'connect', port, channel: port2 } satisfies ToWorker, [port2]);
    return connection.opened(options.signal);
  }

  /**
   * The machine as it is, for `start`: what differs from the published image, compressed. Rejects with
   * `machine-stopped` where there is none, with `machine-unresponsive`, or with what went wrong.
   */
  async save(): Promise<SavedMachine> {
    if (this.#session === undefined) throw new DrydockError('machine-stopped', {});
    const id = ++this.#lastId;
    const waiting = Promise.withResolvers<SavedMachine>();
    this.#savesWaiting.set(id, waiting);
    const timer = setTimeout(() => waiting.reject(new DrydockError('machine-unresponsive', { seconds: saveMilliseconds / 1000 })), saveMilliseconds);
    this.#post({ type: 'save', id });
    try {
      return await waiting.promise;
    } finally {
      clearTimeout(timer);
      this.#savesWaiting.delete(id);
    }
  }

  #open(manifestUrl: string, origin: Origin): void {
    let worker: WorkerLike;
    try {
      worker = this.#createWorker();
    } catch (error) {
      this.#fail(new DrydockError('worker-unavailable', { reason: reasonOf(error) }, { cause: error }));
      return;
    }
    const session: Session = {
      worker,
      link: linkTo(worker),
      guest: undefined,
      watchdog: new Watchdog(
        () => worker.postMessage({ type: 'ping', id: ++this.#lastId } satisfies ToWorker),
        (seconds) => this.#fail(new DrydockError('machine-unresponsive', { seconds })),
      ),
      connections: new Set(),
      over: new AbortController(),
      alive: false,
    };
    this.#session = session;
    worker.onmessage = (event: MessageEvent<unknown>) => this.#receive(session, event.data);
    worker.onmessageerror = () => this.#fail(new DrydockError('machine-crashed', { reason: 'a message of the worker could not be read' }));
    worker.onerror = (event: ErrorEvent) => {
      event.preventDefault();
      const reason = event.message || 'its script could not be loaded';
      this.#fail(new DrydockError(session.alive ? 'machine-crashed' : 'worker-unavailable', { reason }));
    };
    this.#show({ phase: 'loading', what: 'manifest', receivedBytes: 0, totalBytes: 0 });
    this.#post({ type: 'start', manifestUrl, ...origin });
    watchThrift(
      this.#thrift,
      (thrift) => {
        if (thrift.data || thrift.power) this.#post({ type: 'thrift', ...thrift });
      },
      session.over.signal,
    );
  }

  #receive(session: Session, data: unknown): void {
    if (this.#session !== session) return;
    session.alive = true;
    session.watchdog.heard();
    const message = toPageSchema.safeParse(data);
    if (!message.success) {
      this.#fail(new DrydockError('machine-crashed', { reason: `the worker sent something unknown: ${reasonOf(message.error)}` }));
      return;
    }
    this.#handle(session, message.data);
  }

  #handle(session: Session, message: ToPage): void {
    switch (message.type) {
      case 'lifecycle': {
        const { state } = message;
        const over = state.phase === 'stopped' || (state.phase === 'failed' && !state.retryable);
        if (over) this.#discard(state.phase === 'failed' ? deserializeError(state.error) : undefined);
        this.#show(state);
        return;
      }
      case 'machine':
        session.guest = message.guest;
        this.#tellLink(session.link, message.guest, message.prepared ? 'prepared' : 'bare');
        return;
      case 'agentStarted':
        if (session.guest === undefined) return;
        session.link.close(new DrydockError('guest-restarted', {}));
        session.link = linkTo(session.worker);
        this.#tellLink(session.link, session.guest, 'again');
        return;
      case 'link':
        session.link.receive(new Uint8Array(message.bytes));
        return;
      case 'linkClosed':
        session.link.close(deserializeError(message.error));
        return;
      case 'registryAccess':
        for (const listener of this.#registryListeners) listener(message.access);
        return;
      case 'stats':
        this.#statsWaiting.get(message.id)?.(message.stats);
        this.#statsWaiting.delete(message.id);
        return;
      case 'saved':
        this.#savesWaiting.get(message.id)?.resolve({ image: message.session, imageId: message.imageId });
        return;
      case 'notSaved':
        this.#savesWaiting.get(message.id)?.reject(deserializeError(message.error));
        return;
      case 'silence':
        session.watchdog.heard(message.milliseconds);
        return;
      case 'pong':
        return;
    }
  }

  #tellLink(link: GuestLink, guest: Guest, arrival: Arrival): void {
    for (const listener of this.#linkListeners) listener(link, guest, arrival);
  }

  #fail(error: DrydockError): void {
    this.#discard(error);
    this.#show({ phase: 'failed', error: serializeError(error), retryable: error.kind === 'worker-unavailable' });
  }

  /** The worker is killed, not asked: it may be in the middle of anything, and killing it gives its memory back. */
  #discard(reason: Error = new DrydockError('machine-stopped', {})): void {
    const session = this.#session;
    if (session === undefined) return;
    this.#session = undefined;
    session.over.abort();
    session.watchdog.stop();
    session.worker.terminate();
    session.link.close(reason);
    for (const connection of session.connections) connection.lose();
    for (const answer of this.#statsWaiting.values()) answer(null);
    this.#statsWaiting.clear();
    for (const { reject } of this.#savesWaiting.values()) reject(reason);
  }

  #post(message: ToWorker): void {
    this.#session?.worker.postMessage(message);
  }

  #show(state: Lifecycle): void {
    this.#lifecycle = state;
    for (const listener of this.#lifecycleListeners) listener(state);
  }

  /** `stale` is a state that is shown already and does not count. */
  #untilRunning(signal?: AbortSignal, stale?: Lifecycle): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (state: Lifecycle): void => {
        if (state === stale || (state.phase !== 'running' && state.phase !== 'paused' && state.phase !== 'failed' && state.phase !== 'stopped')) return;
        end();
        signal?.removeEventListener('abort', abort);
        if (state.phase === 'failed') reject(deserializeError(state.error));
        else if (state.phase === 'stopped') reject(new DrydockError('machine-stopped', {}));
        else resolve();
      };
      const abort = (): void => {
        end();
        this.stop();
        if (signal !== undefined) reject(cancelled(signal));
      };
      const end = this.onLifecycle(settle);
      signal?.addEventListener('abort', abort, { once: true });
      settle(this.#lifecycle);
    });
  }
}

function linkTo(worker: WorkerLike): PageLink {
  return new PageLink((bytes) => worker.postMessage({ type: 'link', bytes } satisfies ToWorker, [bytes]));
}

function cancelled(signal: AbortSignal): DrydockError {
  return new DrydockError('operation-cancelled', { what: 'starting the machine' }, { cause: signal.reason });
}
