/** An engine in memory for the unit tests of the checkers: containers that are run, exit and go, with their events. */
import type { EventItem } from '../../guest/engine/events.ts';
import {
  type ContainerInspect,
  containerInspectSchema,
  type ContainerState,
  type ContainerSummary,
  containerSummarySchema,
  type EngineEvent,
  type EngineInfo,
  type EngineNetwork,
  type EngineVolume,
  type ImageHistory,
  type ImageInspect,
  type ImageSummary,
  imageSummarySchema,
  infoSchema,
  type NetworkInspect,
  networkInspectSchema,
} from '../../guest/engine/schemas.ts';
import { encodeUtf8 } from '../../guest/bytes.ts';
import { DrydockError } from '../../shared/errors.ts';
import type { TrackedEngine } from '../tracker.ts';

export interface FakeRun {
  image: string;
  name?: string;
  command?: string[];
  tty?: boolean;
  stdin?: boolean;
  detached?: boolean;
  autoRemove?: boolean;
  /** Published: container port, with /tcp, to host port. */
  ports?: Record<string, string>;
  env?: string[];
}

interface FakeContainer {
  id: string;
  name: string;
  run: FakeRun;
  state: ContainerState;
  exitCode: number;
  files: Map<string, string>;
  log: string;
}

const defaultCommands: Readonly<Record<string, string[]>> = { busybox: ['sh'], nginx: ['nginx', '-g', 'daemon off;'], 'hello-world': ['/hello'] };

export class FakeEngine implements TrackedEngine {
  /** Every request so far, such as `containers` or `inspect web`. */
  readonly calls: string[] = [];
  readonly networkList: EngineNetwork[] = [];
  readonly volumeList: EngineVolume[] = [];
  /** Of daemon.json. */
  readonly registryConfig = { mirrors: [] as string[], insecure: [] as string[] };
  readonly daemonLabels: string[] = [];
  liveRestore = false;
  /** Answers of `inspectImage` and `imageHistory`, by id. */
  readonly imageDetails = new Map<string, { inspect: ImageInspect; history: ImageHistory }>();
  /** Names of the containers on a network, by its id. */
  readonly connected = new Map<string, string[]>();
  /** Result of `execInContainer`. */
  execResult = { stdout: '', stderr: '', exitCode: 0 };
  readonly #images: ImageSummary[];
  readonly #containers: FakeContainer[] = [];
  readonly #items: EventItem[] = [];
  readonly #followers = new Map<string, () => void>();
  #wake = Promise.withResolvers<void>();
  #failure: DrydockError | undefined;
  #next = 1;

  constructor(images: readonly string[] = ['hello-world', 'busybox', 'nginx', 'debian']) {
    this.#images = images.map((name, index) => imageSummarySchema.parse({ Id: imageIdOf(name), RepoTags: [`${name}:latest`], Created: index, Size: 1 }));
    this.#push({ kind: 'connected' });
  }

  /** `docker run` up to the start. Returns the id. */
  run(run: FakeRun): string {
    const id = (this.#next++).toString(16).padStart(64, 'a');
    const container: FakeContainer = { id, name: run.name ?? `odd_name_${this.#next}`, run, state: 'running', exitCode: 0, files: new Map(), log: '' };
    this.#containers.unshift(container);
    this.#emit('create', container);
    this.#emit('start', container);
    return id;
  }

  exit(name: string, exitCode = 0): void {
    const container = this.#get(name);
    container.state = 'exited';
    container.exitCode = exitCode;
    this.#emit('die', container, { exitCode: String(exitCode) });
    if (container.run.autoRemove === true) this.remove(container.id);
  }

  remove(name: string): void {
    const container = this.#get(name);
    this.#containers.splice(this.#containers.indexOf(container), 1);
    this.#emit('destroy', container);
  }

  rename(name: string, to: string): void {
    const container = this.#get(name);
    container.name = to;
    this.#emit('rename', container);
  }

  /** `docker exec`, with what it does to a file. */
  exec(name: string, command: string, path?: string, content?: string): void {
    const container = this.#get(name);
    if (path !== undefined && content !== undefined) container.files.set(path, content);
    const execID = `e${this.#next++}`;
    this.#emit(`exec_create: ${command}`, container, { execID });
    this.#emit(`exec_start: ${command}`, container, { execID });
    this.#emit('exec_die', container, { execID, exitCode: '0' });
  }

  log(name: string, text: string): void {
    const container = this.#get(name);
    container.log += text;
    this.#followers.get(container.id)?.();
  }

  /** Told before the list of containers shows it, as dockerd does. */
  pause(name: string, listedAfterMilliseconds: number): void {
    const container = this.#get(name);
    this.#emit('pause', container);
    setTimeout(() => (container.state = 'paused'), listedAfterMilliseconds);
  }

  /** Any event, as the engine would send it. */
  emit(action: string, name: string): void {
    this.#emit(action, this.#get(name));
  }

  /** The engine goes away; every request fails. */
  goDown(): void {
    this.#failure = new DrydockError('engine-unreachable', { reason: 'Connection refused' });
    this.#push({ kind: 'lost', error: this.#failure });
  }

  comeBack(): void {
    this.#failure = undefined;
    this.#push({ kind: 'connected' });
  }

  /** Requests fail although the events still come. */
  failRequests(failure: DrydockError | undefined): void {
    this.#failure = failure;
  }

  get followed(): string[] {
    return [...this.#followers.keys()];
  }

  async containers(_all: boolean, options: { ancestor?: string | undefined } = {}): Promise<ContainerSummary[]> {
    this.#called('containers');
    return this.#containers
      .filter(({ run }) => options.ancestor === undefined || run.image === options.ancestor)
      .map(({ id, name, run, state }) =>
        containerSummarySchema.parse({
          Id: id,
          Names: [`/${name}`],
          Image: run.image,
          ImageID: imageIdOf(run.image),
          Command: 'x',
          Created: 1,
          State: state,
          Status: state,
          Labels: {},
        }),
      );
  }

  async inspectContainer(id: string): Promise<ContainerInspect | null> {
    this.#called(`inspect ${this.#find(id)?.name ?? id}`);
    const container = this.#find(id);
    if (container === undefined) return null;
    const { run, name, state, exitCode } = container;
    const bindings = Object.entries(run.ports ?? {}).map(([port, host]) => [port, [{ HostIp: '', HostPort: host }]]);
    return containerInspectSchema.parse({
      Id: container.id,
      Name: `/${name}`,
      Created: '2026-01-01T00:00:00Z',
      Image: imageIdOf(run.image),
      State: { Status: state, ExitCode: exitCode, StartedAt: '', FinishedAt: '' },
      Config: {
        Image: run.image,
        Tty: run.tty ?? false,
        OpenStdin: run.stdin ?? false,
        AttachStdout: run.detached !== true,
        Cmd: run.command ?? defaultCommands[run.image] ?? [],
        Entrypoint: null,
        Env: run.env ?? [],
        Labels: {},
      },
      HostConfig: { AutoRemove: run.autoRemove ?? false, NetworkMode: 'bridge', PortBindings: Object.fromEntries(bindings) },
      NetworkSettings: { Networks: { bridge: {} } },
      Mounts: [],
    });
  }

  async images(): Promise<ImageSummary[]> {
    this.#called('images');
    return this.#images;
  }

  async inspectImage(id: string): Promise<ImageInspect | null> {
    this.#called(`inspect image ${id}`);
    return this.imageDetails.get(id)?.inspect ?? null;
  }

  async imageHistory(id: string): Promise<ImageHistory | null> {
    this.#called(`history ${id}`);
    return this.imageDetails.get(id)?.history ?? null;
  }

  async inspectNetwork(id: string): Promise<NetworkInspect | null> {
    this.#called(`inspect network ${id}`);
    const network = this.networkList.find((candidate) => candidate.Id === id);
    if (network === undefined) return null;
    const containers = (this.connected.get(id) ?? []).map((name) => [`id-${name}`, { Name: name }]);
    return networkInspectSchema.parse({ ...network, Containers: Object.fromEntries(containers) });
  }

  async networks(): Promise<EngineNetwork[]> {
    this.#called('networks');
    return this.networkList;
  }

  async volumes(): Promise<EngineVolume[]> {
    this.#called('volumes');
    return this.volumeList;
  }

  async info(): Promise<EngineInfo> {
    this.#called('info');
    const { mirrors, insecure } = this.registryConfig;
    const hosts = Object.fromEntries(insecure.map((host) => [host, { Secure: false }]));
    return infoSchema.parse({ ID: 'fake', Containers: 0, ContainersRunning: 0, Images: 0, Driver: 'overlay2', ServerVersion: '1', DefaultRuntime: 'crun', KernelVersion: '1', Labels: this.daemonLabels, LiveRestoreEnabled: this.liveRestore, RegistryConfig: { Mirrors: mirrors, IndexConfigs: { 'docker.io': { Secure: true }, ...hosts } } });
  }

  async logs(id: string) {
    this.#called('logs');
    return { stdout: this.#get(id).log, stderr: '' };
  }

  async containerFile(id: string, path: string): Promise<Uint8Array | null> {
    this.#called(`file ${path}`);
    const container = this.#get(id);
    this.#emit('archive-path', container);
    const text = container.files.get(path);
    return text === undefined ? null : encodeUtf8(text);
  }

  async execInContainer(id: string, argv: readonly string[]) {
    this.#called(`exec ${argv.join(' ')}`);
    this.exec(id, argv.join(' '));
    return this.execResult;
  }

  followLogs(id: string, onOutput: () => void, signal: AbortSignal): Promise<void> {
    this.#followers.set(id, onOutput);
    return new Promise((resolve) =>
      signal.addEventListener('abort', () => {
        this.#followers.delete(id);
        resolve();
      }),
    );
  }

  async *events(signal: AbortSignal): AsyncGenerator<EventItem, void, void> {
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    for (let next = 0; !signal.aborted; ) {
      const item = this.#items[next];
      if (item === undefined) {
        await Promise.race([this.#wake.promise, stopped]);
        continue;
      }
      next += 1;
      yield item;
    }
  }

  #called(call: string): void {
    this.calls.push(call);
    if (this.#failure !== undefined) throw this.#failure;
  }

  #find(name: string): FakeContainer | undefined {
    return this.#containers.find((container) => container.id === name || container.name === name);
  }

  #get(name: string): FakeContainer {
    const container = this.#find(name);
    if (container === undefined) throw new Error(`the test has no container ${name}`);
    return container;
  }

  #emit(action: string, container: FakeContainer, attributes: Record<string, string> = {}): void {
    const event: EngineEvent = {
      Type: 'container',
      Action: action,
      Actor: { ID: container.id, Attributes: { name: container.name, image: container.run.image, ...attributes } },
      timeNano: this.#next++,
    };
    this.#push({ kind: 'event', event });
  }

  #push(item: EventItem): void {
    this.#items.push(item);
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }
}

function imageIdOf(name: string): string {
  const hex = [...name].map((letter) => letter.charCodeAt(0).toString(16)).join('');
  return `sha256:${hex.padEnd(64, '0')}`;
}
