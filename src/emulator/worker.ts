/** The machine's own thread: joins the page's messages to a `MachineHost`, so that the page never waits for the guest. */
import { DrydockError, reasonOf, serializeError } from '../shared/errors.ts';
import type { ImageManifest } from '../shared/manifest.ts';
import { ConnectionError, type Connection, type HostDeclaration } from '../network/connection.ts';
import type { RegistryAccess } from '../network/registry/access-log.ts';
import { networkOfOne, type VirtualNetwork } from '../network/network.ts';
import { loadImage, loadManifest } from './core/host/load-image.ts';
import { MachineHost, type HostedMachine } from './core/host/machine-host.ts';
import { serveChannel } from './core/host/serve-channel.ts';
import { createMachine } from './core/machine.ts';
import { httpReader, sleepNow } from './core/parts/http-reader.ts';
import { httpTransport } from './core/parts/http-transport.ts';
import { createPartFetcher } from './core/parts/part-fetcher.ts';
import { createPartReader } from './core/parts/part-reader.ts';
import { packSession, unpackSession } from './core/session/session-image.ts';
import { pacedProgress } from './paced-progress.ts';
import { toWorkerSchema, type ToPage, type ToWorker } from './protocol.ts';
import { joinSitePackages } from './site-packages.ts';
import { joinSiteRegistry } from './site-registry.ts';

declare const self: DedicatedWorkerGlobalScope;

let machine: HostedMachine | undefined;
let network: VirtualNetwork | undefined;
let guestAddress = '';
let manifestUrl = '';
/** Ends what belongs to the machine's network when another one takes its place. */
let networkEnd = new AbortController();
let neededMiB = 0;

function send(message: ToPage, transfer: Transferable[] = []): void {
  self.postMessage(message, transfer);
}

const host = new MachineHost({
  loadManifest,
  loadImage,
  fetcherFor: (manifestUrl) => createPartFetcher({ transport: httpTransport(manifestUrl) }),
  readerFor: (manifestUrl, trouble) =>
    createPartReader({
      read: httpReader(manifestUrl),
      pause: sleepNow,
      now: () => performance.now(),
      onSilence: (milliseconds) => send({ type: 'silence', milliseconds }),
      ...trouble,
    }),
  createMachine,
  networkFor(manifest: ImageManifest) {
    neededMiB = Math.ceil((manifest.machine.memoryBytes + manifest.machine.vgaMemoryBytes) / 2 ** 20);
    ({ guestAddress } = manifest.machine.network);
    networkEnd.abort();
    networkEnd = new AbortController();
    network = networkOfOne(manifest.machine.network, { onHandlerError: reportHandler });
    const onAccess = (access: RegistryAccess): void => send({ type: 'registryAccess', access });
    const site = { network, manifestUrl, authority: manifest.authority, signal: networkEnd.signal };
    // They reject only when another network takes the place of this one.
    joinSiteRegistry({ ...site, onAccess }).catch(() => undefined);
    joinSitePackages(site).catch(() => undefined);
    return network.attach();
  },
  onLifecycle: pacedProgress((state) => send({ type: 'lifecycle', state })),
  onMachine(created, manifest, prepared) {
    machine = created;
    send({ type: 'machine', guest: manifest.guest, prepared });
    joinLink(created);
  },
  onAgentStart: () => send({ type: 'agentStarted' }),
});

/** The guest's output comes in small pieces; those of one slice of emulation go to the page together. */
function joinLink({ link }: HostedMachine): void {
  let pending: Uint8Array[] = [];
  const flush = (): void => {
    const whole = new Uint8Array(pending.reduce((sum, piece) => sum + piece.length, 0));
    let position = 0;
    for (const piece of pending) {
      whole.set(piece, position);
      position += piece.length;
    }
    pending = [];
    send({ type: 'link', bytes: whole.buffer }, [whole.buffer]);
  };
  link.onReceive((bytes) => {
    if (pending.length === 0) queueMicrotask(flush);
    pending.push(bytes);
  });
  link.onClose((reason) => send({ type: 'linkClosed', error: serializeError(reason) }));
}

function handle(message: ToWorker): Promise<void> | void {
  switch (message.type) {
    case 'start': {
      ({ manifestUrl } = message);
      const { session, start } = message;
      return host.start(manifestUrl, { session: session && (() => unpackSession(session)), start });
    }
    case 'retry':
      ({ manifestUrl } = message);
      return host.retry(manifestUrl);
    case 'thrift':
      return host.spare(message);
    case 'pause':
      network?.pause();
      return host.pause();
    case 'resume':
      network?.resume();
      return host.resume();
    case 'ping':
      return send({ type: 'pong', id: message.id });
    case 'stats':
      return send({ type: 'stats', id: message.id, stats: host.stats() ?? null });
    case 'save':
      return save(message.id);
    case 'link':
      return machine?.link.send(new Uint8Array(message.bytes));
    case 'connect':
      return serveChannel(message.channel, (signal) => connect(message.port, signal));
  }
}

async function save(id: number): Promise<void> {
  // The network's time stands still with the guest's, or its connections would miss their acknowledgements.
  network?.pause();
  try {
    const session = await host.save();
    if (!host.paused) network?.resume();
    send({ type: 'saved', id, session: await packSession(session), imageId: session.imageId });
  } catch (error) {
    if (!host.paused) network?.resume();
    send({ type: 'notSaved', id, error: serializeError(error) });
  }
}

/** A connection that broke off is no fault of the host's; anything else is a mistake of ours. */
function reportHandler(error: unknown, { names }: HostDeclaration): void {
  if (!(error instanceof ConnectionError)) console.error(`drydock: the host ${names[0] ?? '?'} failed`, error);
}

async function connect(port: number, signal: AbortSignal): Promise<Connection> {
  if (network === undefined) throw new ConnectionError('unreachable', 'there is no machine');
  return network.connect(guestAddress, port, { signal });
}

self.onmessage = (event: MessageEvent<unknown>) => {
  const message = toWorkerSchema.parse(event.data);
  Promise.resolve(handle(message)).catch((error: unknown) => host.fail(error));
};

// v86 builds the machine and compiles code in promises of its own that nobody can wait for.
self.onunhandledrejection = (event) => {
  event.preventDefault();
  host.fail(crash(event.reason));
};

// v86 runs the guest in timers and message handlers: what it throws there arrives here.
self.onerror = (event) => {
  const error: unknown = typeof event === 'string' ? event : event.error;
  if (typeof event !== 'string') event.preventDefault();
  host.fail(crash(error));
};

function crash(error: unknown): DrydockError {
  if (error instanceof DrydockError) return error;
  // What browsers throw when an allocation is refused, by the array constructor or by WebAssembly.Memory.
  if (error instanceof RangeError && /alloc|memory/i.test(error.message)) return new DrydockError('memory-insufficient', { neededMiB }, { cause: error });
  return new DrydockError('machine-crashed', { reason: reasonOf(error) }, { cause: error });
}
