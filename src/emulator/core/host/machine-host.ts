/**
 * Brings an image to life and keeps it alive: loading, restoring, pausing, and the disk parts that come or do not come
 * while the guest runs. Lives in the worker; knows nothing of messages.
 *
 * A reset is not here: the page throws the worker away and starts another one, which gives the memory back for certain.
 */
import type { AttachNetwork } from '../../../network/attach.ts';
import { DrydockError, serializeError, toDrydockError } from '../../../shared/errors.ts';
import type { ImageManifest } from '../../../shared/manifest.ts';
import type { StartState } from '../../../shared/starts.ts';
import { ChunkedDisk } from '../disk/chunked-disk.ts';
import { earlyPages } from '../hot-code/warm-up.ts';
import type { Lifecycle } from '../lifecycle.ts';
import { hearAgentStarts } from '../link/agent-starts.ts';
import type { Machine, MachineEnd, MachineOptions, MachineStats } from '../machine.ts';
import type { GuestMemory, MissingParts } from '../memory/guest-memory.ts';
import { loadAhead, partNow, type LoadedMemory } from '../memory/load-memory.ts';
import { chunkSource, isZeroChunk } from '../parts/chunks.ts';
import type { PartFetcher } from '../parts/part-fetcher.ts';
import type { PartReader, PartReaderOptions } from '../parts/part-reader.ts';
import { zstdUnpacker } from '../parts/zstd.ts';
import type { SessionImage } from '../session/session-image.ts';
import type { LoadedImage, OnProgress } from './load-image.ts';

/** The part of a machine that the host uses. */
export interface HostedMachine extends Pick<Machine, 'link' | 'run' | 'stop' | 'hold' | 'release' | 'warmUp' | 'stats' | 'saveChanges' | 'destroy'> {
  readonly memory: Pick<GuestMemory, 'provide' | 'complete' | 'has' | 'isOwn' | 'canRunIncomplete'>;
}

export interface HostDependencies {
  loadManifest(url: string, signal: AbortSignal): Promise<ImageManifest>;
  loadImage(manifest: ImageManifest, fetcher: PartFetcher, signal: AbortSignal, onProgress: OnProgress, start?: StartState): Promise<LoadedImage>;
  /** A fetcher for the parts beside the manifest. */
  fetcherFor(manifestUrl: string): PartFetcher;
  /** Gets single parts at once, while the guest stands still. */
  readerFor(manifestUrl: string, trouble: Pick<PartReaderOptions, 'onTrouble' | 'onRecovered'>): PartReader;
  createMachine(options: MachineOptions): Promise<HostedMachine>;
  networkFor(manifest: ImageManifest): AttachNetwork;
  onLifecycle(state: Lifecycle): void;
  /** The machine exists and will run in a moment: join its link. `prepared`: it comes with what was made in it, see `Origin`. */
  onMachine(machine: HostedMachine, manifest: ImageManifest, prepared: boolean): void;
  /** The agent of a machine that runs has started again, with the guest's other programs or after it broke down: it must be greeted anew. */
  onAgentStart(): void;
}

/** Decoded disk chunks kept: the guest caches pages itself, this is for neighbours of what it reads. */
const diskCacheBytes = 48 << 20;
/** One chunk ahead hides the round trip of a sequential read without loading much in vain. */
const readAheadChunks = 1;
/**
 * Linux resets an ATA controller after 30 s without an answer and reports an I/O error after some resets. Well before
 * that the guest is stopped until the disk part has come.
 */
const diskPatienceMilliseconds = 8000;

/** What to begin from in place of the published state. */
export interface Origin {
  /** Reads a session that is to be woken; rejects with `session-invalid`. */
  readonly session?: (() => Promise<SessionImage>) | undefined;
  /** The start of an exercise, unless there is a session. One of another image is passed over: the start is then made anew. */
  readonly start?: StartState | undefined;
}

/** Failures that trying again may mend. */
const retryableKinds: ReadonlySet<string> = new Set(['part-download-failed', 'part-corrupt', 'manifest-missing', 'memory-insufficient']);

export class MachineHost {
  readonly #use: HostDependencies;
  #abort = new AbortController();
  /** End what is done in advance. */
  readonly #spareData = new AbortController();
  readonly #sparePower = new AbortController();
  #manifestUrl: string | undefined;
  #origin: Origin = {};
  #imageId = '';
  #machine: HostedMachine | undefined;
  #disk: ChunkedDisk | undefined;
  #diskError: DrydockError | undefined;
  #memoryError: DrydockError | undefined;
  #diskTimer: ReturnType<typeof setTimeout> | undefined;
  #paused = false;
  #ended = false;

  constructor(dependencies: HostDependencies) {
    this.#use = dependencies;
  }

  /**
   * Loads and runs the image, with what its origin says on top of it. Resolves when it runs or has failed; the outcome is a
   * lifecycle state, never a rejection.
   */
  async start(manifestUrl: string, origin: Origin = {}): Promise<void> {
    if (this.#manifestUrl !== undefined) return;
    this.#manifestUrl = manifestUrl;
    this.#origin = origin;
    const { signal } = this.#abort;
    try {
      await this.#bringUp(manifestUrl, signal);
    } catch (error) {
      if (signal.aborted) return;
      this.fail(error);
    }
  }

  /** Tries again what failed: the whole start, or the disk parts that could not be had. */
  async retry(manifestUrl: string): Promise<void> {
    if (this.#machine === undefined) {
      await this.start(manifestUrl, this.#origin);
      return;
    }
    if (this.#diskError === undefined) return;
    this.#diskError = undefined;
    this.#disk?.retry();
    this.#publish();
  }

  get paused(): boolean {
    return this.#paused;
  }

  async pause(): Promise<void> {
    this.#paused = true;
    await this.#machine?.stop();
    this.#publish();
  }

  async resume(): Promise<void> {
    this.#paused = false;
    await this.#machine?.run();
    this.#publish();
  }

  /** From now on nothing is downloaded (`data`) or compiled (`power`) before the guest needs it; what was, stays. */
  spare({ data, power }: { data: boolean; power: boolean }): void {
    if (data) this.#spareData.abort();
    if (power) this.#sparePower.abort();
  }

  /** Ends the machine and everything under way. */
  async stop(): Promise<void> {
    this.#abort.abort(new DrydockError('machine-stopped', {}));
    await this.#close();
    this.#end({ phase: 'stopped', how: 'host' });
  }

  /**
   * What differs from the published image, as it is now; the guest stands still for a moment. Rejects with
   * `machine-stopped` where there is no machine in a state to be saved, or as `Machine.saveChanges`.
   */
  async save(): Promise<SessionImage> {
    const machine = this.#machine;
    if (machine === undefined || this.#ended || this.#trouble !== undefined) throw new DrydockError('machine-stopped', {});
    try {
      return { imageId: this.#imageId, ...(await machine.saveChanges()) };
    } finally {
      if (this.#machine === machine && !this.#paused) await machine.run();
    }
  }

  stats(): MachineStats | undefined {
    return this.#machine?.stats();
  }

  /** Something broke beyond repair by the host itself. */
  fail(error: unknown): void {
    const known = toDrydockError(error);
    const state: Lifecycle = { phase: 'failed', error: serializeError(known), retryable: retryableKinds.has(known.kind) };
    if (this.#machine === undefined) {
      // Whatever of the start is still under way must not come back with a second failure.
      this.#abort.abort(known);
      this.#abort = new AbortController();
      this.#manifestUrl = undefined;
      this.#report(state);
      return;
    }
    this.#end(state);
    void this.#close();
  }

  async #bringUp(manifestUrl: string, signal: AbortSignal): Promise<void> {
    this.#report({ phase: 'loading', what: 'manifest', receivedBytes: 0, totalBytes: 0 });
    const manifest = await this.#use.loadManifest(manifestUrl, signal);
    const woken = await this.#origin.session?.();
    if (woken !== undefined && woken.imageId !== manifest.id) throw new DrydockError('session-other-image', {});
    const start = woken === undefined && this.#origin.start?.imageId === manifest.id ? this.#origin.start : undefined;
    signal.throwIfAborted();
    this.#imageId = manifest.id;
    const fetcher = this.#use.fetcherFor(manifestUrl);
    const image = await this.#use.loadImage(manifest, fetcher, signal, (what, progress) => {
      if (!signal.aborted) this.#report({ phase: 'loading', what, ...progress });
    }, start);
    signal.throwIfAborted();
    this.#report({ phase: 'restoring' });
    const disk = this.#createDisk(manifest, fetcher);
    const { memory, hotCode, start: made, ...system } = image;
    const session = woken ?? made;
    const machine = await this.#use.createMachine({
      ...system,
      ...(session && { state: session.state }),
      ...(memory && { missing: { ...(await this.#missingParts(manifest, memory, manifestUrl)), ...(session && { own: session.memory }) } }),
      memoryBytes: manifest.machine.memoryBytes,
      vgaMemoryBytes: manifest.machine.vgaMemoryBytes,
      disks: [disk],
      network: this.#use.networkFor(manifest),
      mtu: manifest.machine.network.mtu,
      onSerial: hearAgentStarts(() => this.#agentStarted()),
      onEnd: (how) => this.#guestEnded(how),
    });
    if (signal.aborted) {
      disk.close();
      await machine.destroy();
      return;
    }
    this.#disk = disk;
    this.#machine = machine;
    memory?.start.forEach((bytes, index) => machine.memory.provide(index + 1, bytes));
    if (!machine.memory.canRunIncomplete) machine.memory.complete();
    this.#use.onMachine(machine, manifest, session !== undefined);
    const complete = Promise.withResolvers<void>();
    // In a page of the session's own there may be other code.
    const known = hotCode?.slice(0, earlyPages).filter(({ page }) => !machine.memory.isOwn(page));
    if (known !== undefined) machine.warmUp(known, complete.promise, AbortSignal.any([signal, this.#sparePower.signal])).catch((error: unknown) => this.fail(error));
    if (!this.#paused) await machine.run();
    this.#publish();
    // What cannot be had now comes when the guest touches it, and is reported then.
    const ahead = memory && loadAhead(manifest.memory, memory.map, machine.memory, fetcher, AbortSignal.any([signal, this.#spareData.signal])).catch(() => undefined);
    complete.resolve(ahead);
  }

  async #missingParts(manifest: ImageManifest, memory: LoadedMemory, manifestUrl: string): Promise<MissingParts> {
    const reader = this.#use.readerFor(manifestUrl, {
      onTrouble: (error) => this.#memoryTrouble(error),
      onRecovered: () => this.#memoryTrouble(undefined),
    });
    return { map: memory.map, readNow: partNow(manifest.memory, memory.map, reader, await zstdUnpacker()) };
  }

  /** Called in the middle of the emulation: only telling it is possible here. */
  #memoryTrouble(error: DrydockError | undefined): void {
    this.#memoryError = error;
    this.#publish();
  }

  #agentStarted(): void {
    this.#machine?.link.agentStarted();
    this.#use.onAgentStart();
  }

  #createDisk(manifest: ImageManifest, fetcher: PartFetcher): ChunkedDisk {
    return new ChunkedDisk({
      byteLength: manifest.disk.bytes,
      chunkBytes: manifest.disk.chunkBytes,
      source: chunkSource(manifest.disk, fetcher),
      isZeroChunk: (index) => isZeroChunk(manifest.disk, index),
      cacheBytes: diskCacheBytes,
      readAheadChunks,
      onFailure: (_, error) => this.#diskFailed(error),
      onWaiting: (waiting) => this.#diskWaits(waiting),
    });
  }

  #diskFailed(error: unknown): void {
    this.#diskError = toDrydockError(error);
    this.#holdForDisk();
    this.#publish();
  }

  #diskWaits(waiting: boolean): void {
    clearTimeout(this.#diskTimer);
    if (waiting) {
      this.#diskTimer = setTimeout(() => this.#holdForDisk(), diskPatienceMilliseconds);
      return;
    }
    this.#diskError = undefined;
    this.#machine?.release('disk').catch((error: unknown) => this.fail(error));
    this.#publish();
  }

  #holdForDisk(): void {
    this.#machine?.hold('disk').catch((error: unknown) => this.fail(error));
  }

  #guestEnded(how: MachineEnd): void {
    if (typeof how !== 'string') {
      this.fail(how);
      return;
    }
    if (this.#ended) return;
    this.#end({ phase: 'stopped', how });
    void this.#close();
  }

  get #trouble(): DrydockError | undefined {
    return this.#memoryError ?? this.#diskError;
  }

  #publish(): void {
    if (this.#machine === undefined) return;
    const trouble = this.#trouble;
    if (trouble !== undefined) this.#report({ phase: 'failed', error: serializeError(trouble), retryable: true });
    else this.#report({ phase: this.#paused ? 'paused' : 'running' });
  }

  #end(state: Lifecycle): void {
    this.#report(state);
    this.#ended = true;
  }

  /** After the end nothing is reported any more: the end stays what is shown. */
  #report(state: Lifecycle): void {
    if (!this.#ended) this.#use.onLifecycle(state);
  }

  async #close(): Promise<void> {
    clearTimeout(this.#diskTimer);
    const machine = this.#machine;
    this.#machine = undefined;
    this.#disk?.close();
    await machine?.destroy();
  }
}
