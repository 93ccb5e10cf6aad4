/** One look at engine and guest: every question is asked at most once, however many assertions ask it. */
import type { AgentClient } from '../guest/client.ts';
import type { ContainerExecResult, EngineClient } from '../guest/engine/client.ts';
import type { DirEntry } from '../guest/files.ts';
import type {
  ContainerInspect,
  ContainerState,
  ContainerSummary,
  EngineInfo,
  EngineNetwork,
  EngineVolume,
  ImageHistory,
  ImageInspect,
  ImageSummary,
  NetworkInspect,
} from '../guest/engine/schemas.ts';
import type { ContainerOutput } from '../guest/engine/streams.ts';
import type { ExecResult } from '../guest/exec.ts';
import { isDrydockError } from '../shared/errors.ts';
import type { History, RememberedContainer } from './history.ts';

/** What the checkers ask of the engine. */
export type EngineReader = Pick<
  EngineClient,
  | 'containers'
  | 'inspectContainer'
  | 'images'
  | 'inspectImage'
  | 'imageHistory'
  | 'networks'
  | 'inspectNetwork'
  | 'volumes'
  | 'info'
  | 'logs'
  | 'containerFile'
  | 'execInContainer'
>;

/** An engine that is known to be down: it is not asked, the reason is the answer to everything. */
export function downEngine(reason: Error): EngineReader {
  const down = (): Promise<never> => Promise.reject(reason);
  return {
    containers: down,
    inspectContainer: down,
    images: down,
    inspectImage: down,
    imageHistory: down,
    networks: down,
    inspectNetwork: down,
    volumes: down,
    info: down,
    logs: down,
    containerFile: down,
    execInContainer: down,
  };
}

/** What the checkers ask of the guest. */
export type GuestReader = Pick<AgentClient, 'readFile' | 'listDir' | 'exec'>;

/** A file of the guest as its folder lists it. */
export type SeenFile = Pick<DirEntry, 'type' | 'mode' | 'size'>;

/** A container as the assertions see it, there or gone. */
export interface SeenContainer {
  id: string;
  name: string;
  /** As given when it was made. */
  image: string;
  /** Unknown for a removed container that was never looked at. */
  imageId: string | undefined;
  labels: Readonly<Record<string, string>>;
  state: ContainerState | 'removed';
  /** What was remembered of it, when it is gone. */
  remembered?: RememberedContainer;
}

const maximumFileBytes = 1 << 20;
const commandTimeoutMs = 20_000;

export class Look {
  readonly history: History;
  readonly signal: AbortSignal;
  readonly containersOf: (ancestor: string) => Promise<SeenContainer[]>;
  readonly inspect: (id: string) => Promise<ContainerInspect | null>;
  readonly images: () => Promise<ImageSummary[]>;
  readonly inspectImage: (id: string) => Promise<ImageInspect | null>;
  readonly imageHistory: (id: string) => Promise<ImageHistory | null>;
  readonly networks: () => Promise<EngineNetwork[]>;
  readonly inspectNetwork: (id: string) => Promise<NetworkInspect | null>;
  readonly volumes: () => Promise<EngineVolume[]>;
  readonly info: () => Promise<EngineInfo>;
  readonly logs: (id: string) => Promise<ContainerOutput>;
  readonly #containerFile: (key: string) => Promise<Uint8Array | null>;
  readonly #containerExec: (key: string) => Promise<ContainerExecResult>;
  readonly #file: (path: string) => Promise<Uint8Array | null>;
  readonly #folder: (path: string) => Promise<DirEntry[]>;
  readonly #command: (key: string) => Promise<ExecResult>;

  constructor(engine: EngineReader, guest: GuestReader, history: History, signal: AbortSignal) {
    this.history = history;
    this.signal = signal;
    this.containersOf = memoized(async (ancestor) => {
      const list = await engine.containers(true, { signal, ancestor: ancestor === '' ? undefined : ancestor });
      return list.map(seen);
    });
    this.inspect = memoized(async (id) => {
      const inspect = await engine.inspectContainer(id, { signal });
      if (inspect !== null) history.keep(inspect);
      return inspect;
    });
    const images = memoized(() => engine.images({ signal }));
    const networks = memoized(() => engine.networks({ signal }));
    const volumes = memoized(() => engine.volumes({ signal }));
    this.images = () => images('');
    const info = memoized(() => engine.info({ signal }));
    this.info = () => info('');
    this.networks = () => networks('');
    this.volumes = () => volumes('');
    this.inspectImage = memoized((id) => engine.inspectImage(id, { signal }));
    this.imageHistory = memoized((id) => engine.imageHistory(id, { signal }));
    this.inspectNetwork = memoized((id) => engine.inspectNetwork(id, { signal }));
    this.logs = memoized((id) => engine.logs(id, { signal }));
    this.#containerFile = memoized((key) => {
      const [id, path] = parseKey(key);
      return engine.containerFile(id, path.join(''), { signal });
    });
    this.#containerExec = memoized((key) => {
      const [id, argv] = parseKey(key);
      return engine.execInContainer(id, argv, { signal, timeoutMs: commandTimeoutMs });
    });
    this.#file = memoized(async (path) => orAbsent(guest.readFile(path, { signal, maxBytes: maximumFileBytes }), null));
    this.#folder = memoized(async (path) => orAbsent(guest.listDir(path, { signal }), []));
    this.#command = memoized((key) => guest.exec(parseKey(key)[1], { signal, timeoutMs: commandTimeoutMs }));
  }

  /** Null when there is no regular file at the path. */
  containerFile(id: string, path: string): Promise<Uint8Array | null> {
    return this.#containerFile(makeKey(id, [path]));
  }

  containerExec(id: string, argv: readonly string[]): Promise<ContainerExecResult> {
    return this.#containerExec(makeKey(id, argv));
  }

  /** A file of the guest; null when there is none. */
  file(path: string): Promise<Uint8Array | null> {
    return this.#file(path);
  }

  /** What the folder of a file tells of it, of any kind and size; null when there is none. */
  async fileEntry(path: string): Promise<SeenFile | null> {
    const [, folder = '', name] = /^(.*)\/([^/]+)\/?$/.exec(path) ?? [];
    return (await this.#folder(folder || '/')).find((entry) => entry.name === name) ?? null;
  }

  /** A command in the guest. */
  command(argv: readonly string[]): Promise<ExecResult> {
    return this.#command(makeKey('', argv));
  }
}

const absentErrors = ['ENOENT', 'ENOTDIR', 'EISDIR'];

async function orAbsent<T, A>(work: Promise<T>, absent: A): Promise<T | A> {
  try {
    return await work;
  } catch (error) {
    if (isDrydockError(error, 'channel-refused') && absentErrors.includes(String(error.params['errno']))) return absent;
    throw error;
  }
}

function seen(summary: ContainerSummary): SeenContainer {
  const name = summary.Names.find((candidate) => candidate.lastIndexOf('/') === 0) ?? summary.Names[0] ?? '';
  return {
    id: summary.Id,
    name: name.replace(/^\//, ''),
    image: summary.Image,
    imageId: summary.ImageID,
    labels: summary.Labels,
    state: summary.State,
  };
}

function memoized<T>(ask: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (key) => {
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = ask(key);
    answers.set(key, answer);
    return answer;
  };
}

function makeKey(id: string, rest: readonly string[]): string {
  return [id, ...rest].join('\0');
}

function parseKey(key: string): [string, string[]] {
  const [id = '', ...rest] = key.split('\0');
  return [id, rest];
}
