/**
 * The published machine in Node, for tests and for the builder: restored by the code that restores it in a browser's worker.
 *
 * Parts come from files instead of over HTTP; everything else (hashes, disk on demand, network, link) is the product's own.
 * An image is read once in a process; each machine gets a copy.
 */
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadImage, loadManifest, type LoadedImage } from '../core/host/load-image.ts';
import { MachineHost } from '../core/host/machine-host.ts';
import { createMachine, type Machine, type MachineStats } from '../core/machine.ts';
import { createPartFetcher } from '../core/parts/part-fetcher.ts';
import type { PartTransport } from '../core/parts/transport.ts';
import { createPartReader, type BlockingRead } from '../core/parts/part-reader.ts';
import { packSession, unpackSession, type SessionImage } from '../core/session/session-image.ts';
import { fileReader } from './file-reader.ts';
import { fileTransport } from './file-transport.ts';
import { AgentClient } from '../../guest/client.ts';
import { askForRestart, restartMilliseconds } from '../../guest/restart.ts';
import { patientGreeting } from '../../guest/connection.ts';
import { EngineClient } from '../../guest/engine/client.ts';
import type { ExecOptions } from '../../guest/exec.ts';
import type { HostDeclaration } from '../../network/connection.ts';
import { networkOfOne, type VirtualNetwork } from '../../network/network.ts';
import { within } from '../../network/within.ts';
import { systemClock } from '../../shared/clock.ts';
import { deserializeError } from '../../shared/errors.ts';
import type { ImageManifest, Part } from '../../shared/manifest.ts';
import type { StartState } from '../../shared/starts.ts';

/** As the lab gives (src/lab/machine/session.ts). */
const entropyBytes = 64;
/** For a command: on two busy cores `docker run` may take 30 s, an installation of the engine or a push of 50 MB ten minutes. */
const commandMilliseconds = 20 * 60_000;

interface AgentStarts {
  happened(): void;
  /** Resolves when the agent starts again. */
  next(): Promise<void>;
}

function agentStarts(): AgentStarts {
  let waiting = Promise.withResolvers<void>();
  return {
    happened() {
      waiting.resolve();
      waiting = Promise.withResolvers<void>();
    },
    next: () => waiting.promise,
  };
}

/** Bytes taken from the published image, as served. */
export interface Downloads {
  /** Emulator, firmware, saved state and the memory to begin with: what is needed before the machine runs. */
  image: number;
  /** Parts of the memory fetched while the guest runs, before it touches them. */
  ahead: number;
  /** Parts of the memory for which the guest had to wait. */
  demanded: number;
  /** Parts of the disk. */
  disk: number;
}

export class PublishedMachine {
  readonly manifest: ImageManifest;
  readonly downloads: Downloads;
  /** What its NIC is plugged into. */
  readonly network: VirtualNetwork;
  readonly #machine: Machine;
  readonly #host: MachineHost;
  readonly #failure: Promise<never>;
  readonly #starts: AgentStarts;
  #agent: AgentClient;
  #engine: EngineClient;

  constructor(parts: { manifest: ImageManifest; machine: Machine; network: VirtualNetwork; host: MachineHost; downloads: Downloads; failure: Promise<never>; starts: AgentStarts }) {
    this.manifest = parts.manifest;
    this.downloads = parts.downloads;
    this.network = parts.network;
    this.#machine = parts.machine;
    this.#host = parts.host;
    this.#failure = parts.failure;
    this.#starts = parts.starts;
    this.#agent = this.#newAgent();
    this.#engine = new EngineClient(this.#agent);
  }

  /** The learner's client; another one after `restart`. */
  get agent(): AgentClient {
    return this.#agent;
  }

  get engine(): EngineClient {
    return this.#engine;
  }

  /** Does what the lab does when a machine begins to run. */
  async greet(): Promise<void> {
    await Promise.race([this.#failure, this.agent.hello(patientGreeting)]);
    this.agent.setClock(new Date());
    this.agent.addEntropy(crypto.getRandomValues(new Uint8Array(entropyBytes)));
  }

  /** Ends all programs of the guest and begins again, as the lab does; `ask` has it done in another way. Rejects after three minutes. */
  async restart(ask: () => Promise<unknown> = () => askForRestart(this.agent)): Promise<void> {
    const started = this.#starts.next();
    await ask();
    const back = await within(systemClock, restartMilliseconds, Promise.race([this.#failure, started]));
    if (back === 'too late') throw new Error(`the agent was not back within ${restartMilliseconds / 1000} s`);
    this.#agent = this.#newAgent();
    this.#engine = new EngineClient(this.#agent);
    await this.greet();
  }

  /** Runs a shell script as root; returns its output without the last line end. Rejects unless it succeeds. */
  root(script: string, options: ExecOptions = {}): Promise<string> {
    return this.#run(script, { ...options, user: 'root' });
  }

  /** Runs a shell script as the learner; returns its output without the last line end. Rejects unless it succeeds. */
  learner(script: string, options: ExecOptions = {}): Promise<string> {
    return this.#run(script, options);
  }

  stats(): MachineStats {
    return this.#machine.stats();
  }

  /** The whole machine as it is now, for `startMachine({ state })`. It is stopped until `resume`. */
  freeze(): Promise<ArrayBuffer> {
    return this.#machine.saveState();
  }

  /** What the lab keeps of a machine, for `startMachine({ session })`; it runs on. */
  async save(): Promise<Blob> {
    return packSession(await this.changes());
  }

  /** What differs from the published image; the machine runs on. */
  async changes(): Promise<SessionImage> {
    const image = await this.#host.save();
    this.agent.setClock(new Date());
    return image;
  }

  /** Goes on after `freeze`, with the right time. */
  async resume(): Promise<void> {
    await this.#machine.run();
    this.agent.setClock(new Date());
  }

  async stop(): Promise<void> {
    this.network.close();
    await this.#host.stop();
    // V8 does not see that a machine is a gigabyte: without this, a run of all exercises holds a dozen of dead ones.
    globalThis.gc?.();
  }

  #newAgent(): AgentClient {
    return new AgentClient(this.#machine.link, { user: this.manifest.guest.user });
  }

  async #run(script: string, options: ExecOptions): Promise<string> {
    const result = await Promise.race([this.#failure, this.agent.exec(['bash', '-c', script], { timeoutMs: commandMilliseconds, ...options })]);
    if (result.exitCode !== 0) throw new Error(`${script}\nended with exit code ${result.exitCode}\n${result.stdout}${result.stderr}`);
    return result.stdout.replace(/\n$/, '');
  }
}

export interface StartOptions {
  /** Path of the image's manifest; the parts lie beside it. */
  manifest: string;
  /** Hosts of the virtual network, made from the image's manifest. */
  hosts?: (manifest: ImageManifest) => readonly HostDeclaration[];
  /** What `freeze` returned; the published state unless given. */
  state?: ArrayBuffer;
  /** What `save` returned; likewise. */
  session?: Blob;
  /** Start of an exercise, likewise. */
  start?: StartState | undefined;
}

/** A machine that has just been restored: the agent greeted, the clock right, randomness fresh. */
export async function startMachine(options: StartOptions): Promise<PublishedMachine> {
  const folder = dirname(options.manifest);
  const downloads: Downloads = { image: 0, ahead: 0, demanded: 0, disk: 0 };
  const created = Promise.withResolvers<{ machine: Machine; network: VirtualNetwork; manifest: ImageManifest }>();
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  const starts = agentStarts();
  let machine: Machine | undefined;
  let network: VirtualNetwork | undefined;
  const host = new MachineHost({
    loadManifest: () => readManifest(options.manifest),
    async loadImage() {
      const { image, bytes } = options.start ? await readImage(options.manifest, options.start) : await publishedImage(options.manifest);
      downloads.image = bytes;
      const { memory, wasm, ...system } = image;
      // The emulator may keep and change what it is given, but for its own code.
      if (options.state !== undefined) return { wasm, ...structuredClone({ ...system, state: options.state }) };
      return { wasm, ...structuredClone(system), ...(memory && { memory }) };
    },
    fetcherFor: () =>
      createPartFetcher({
        transport: counting(fileTransport(folder), (bytes, part) => (downloads[part.path.startsWith('memory/') ? 'ahead' : 'disk'] += bytes)),
      }),
    readerFor: (_, trouble) =>
      createPartReader({
        read: countingReads(fileReader(folder), (bytes) => (downloads.demanded += bytes)),
        pause: () => undefined,
        now: () => performance.now(),
        onSilence: () => undefined,
        ...trouble,
      }),
    async createMachine(settings) {
      machine = await createMachine(settings);
      return machine;
    },
    networkFor(manifest) {
      network = networkOfOne(manifest.machine.network, { hosts: options.hosts?.(manifest) ?? [] });
      return network.attach();
    },
    onLifecycle(lifecycle) {
      if (lifecycle.phase === 'failed') failed.reject(deserializeError(lifecycle.error));
      else if (lifecycle.phase === 'stopped') failed.reject(new Error(`the machine was stopped (${lifecycle.how})`));
    },
    onAgentStart: starts.happened,
    onMachine(_, manifest) {
      if (machine !== undefined && network !== undefined) created.resolve({ machine, network, manifest });
    },
  });
  const { session, start } = options;
  await host.start(pathToFileURL(options.manifest).href, { session: session && (() => unpackSession(session)), start });
  const restored = await Promise.race([created.promise, failed.promise]);
  const result = new PublishedMachine({ ...restored, host, downloads, starts, failure: failed.promise });
  try {
    await result.greet();
  } catch (error) {
    await result.stop();
    throw error;
  }
  return result;
}

/** Reads a manifest by its path. */
export async function readManifest(path: string): Promise<ImageManifest> {
  return loadManifest(pathToFileURL(path).href, AbortSignal.timeout(10_000), async () => new Response(await readFile(path)));
}

const published = new Map<string, Promise<{ image: LoadedImage; bytes: number }>>();

function publishedImage(path: string): Promise<{ image: LoadedImage; bytes: number }> {
  const image = published.get(path) ?? readImage(path);
  published.set(path, image);
  return image;
}

async function readImage(path: string, start?: StartState): Promise<{ image: LoadedImage; bytes: number }> {
  let bytes = 0;
  const fetcher = createPartFetcher({ transport: counting(fileTransport(dirname(path)), (count) => (bytes += count)) });
  const image = await loadImage(await readManifest(path), fetcher, new AbortController().signal, () => undefined, start);
  return { image, bytes };
}

function counting(transport: PartTransport, onPart: (bytes: number, part: Part) => void): PartTransport {
  return async (part, options) => {
    const bytes = await transport(part, options);
    onPart(bytes.length, part);
    return bytes;
  };
}

function countingReads(read: BlockingRead, onPart: (bytes: number) => void): BlockingRead {
  return (part, limits) => {
    const bytes = read(part, limits);
    onPart(bytes.length);
    return bytes;
  };
}
