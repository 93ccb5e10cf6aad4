/**
 * The published ports of running containers, from what the engine says; and why a port refuses.
 *
 * Looked at again at every event that can change them. The list is small and one request costs the guest little.
 */
import type { EngineClient } from '../../guest/engine/client.ts';
import type { ContainerSummary } from '../../guest/engine/schemas.ts';
import { DrydockError } from '../../shared/errors.ts';
import { Emitter } from '../emitter.ts';
import { lookAfterEvents } from '../engine/look-after-events.ts';

export interface PublishedPort {
  /** On the machine. */
  readonly port: number;
  /** In the container. */
  readonly inner: number;
  /** Name of the container. */
  readonly container: string;
  /** Published on 127.0.0.1 only, which is not reached from here. */
  readonly loopbackOnly: boolean;
}

export interface PortNews {
  readonly ports: readonly PublishedPort[];
  /** Those that were not there at the last look; none at the first one. */
  readonly added: readonly PublishedPort[];
}

/** Events of a container after which its ports may be others. */
const changing = new Set(['start', 'die', 'destroy', 'rename', 'pause', 'unpause']);
/** A published port is shown as soon as it is there. */
const settleMilliseconds = 200;

export class PortWatch {
  readonly #news = new Emitter<PortNews>();
  readonly #stopped = new Map<number, string>();
  #ports: readonly PublishedPort[] = [];

  get ports(): readonly PublishedPort[] {
    return this.#ports;
  }

  /** Calls back for every change. */
  onNews(listener: (news: PortNews) => void): () => void {
    return this.#news.on(listener);
  }

  /** Follows an engine until the signal aborts; then there are no ports. Never rejects: while the engine is away nothing is known of new ones. */
  async follow(engine: Pick<EngineClient, 'containers' | 'events'>, signal: AbortSignal): Promise<void> {
    let first = true;
    await lookAfterEvents(engine, signal, {
      settleMilliseconds,
      isNews: (item) => item.kind === 'connected' || (item.kind === 'event' && item.event.Type === 'container' && changing.has(item.event.Action)),
      look: async () => {
        try {
          const ports = publishedPorts(await engine.containers(false, { signal }));
          if (signal.aborted) return;
          this.#show(ports, first);
          first = false;
        } catch {
          // The engine went away; the stream of events tells when it is back.
        }
      },
    });
    this.#stopped.clear();
    this.#show([], true);
  }

  /** Why the machine refuses connections to a port. */
  refused(port: number): DrydockError {
    const known = this.#ports.find((candidate) => candidate.port === port);
    if (known?.loopbackOnly === true) return new DrydockError('preview-loopback-only', { port, container: known.container });
    if (known !== undefined) return new DrydockError('preview-not-listening', { port, container: known.container, inner: known.inner });
    const container = this.#stopped.get(port);
    return container === undefined ? new DrydockError('preview-nothing-published', { port }) : new DrydockError('preview-container-stopped', { port, container });
  }

  #show(ports: readonly PublishedPort[], quiet: boolean): void {
    const before = this.#ports;
    if (ports.length === before.length && ports.every((port, index) => isSame(port, before[index]))) return;
    for (const { port, container } of before) this.#stopped.set(port, container);
    for (const { port } of ports) this.#stopped.delete(port);
    this.#ports = ports;
    const added = quiet ? [] : ports.filter(({ port, container }) => !before.some((old) => old.port === port && old.container === container));
    this.#news.emit({ ports, added });
  }
}

/** The TCP ports that containers publish, in order; one entry for all addresses of a port. */
export function publishedPorts(containers: readonly ContainerSummary[]): PublishedPort[] {
  const ports = new Map<number, PublishedPort>();
  for (const { Names, Ports } of containers) {
    const container = (Names.find((name) => name.lastIndexOf('/') === 0) ?? Names[0] ?? '').replace(/^\//, '');
    for (const { IP = '', PrivatePort, PublicPort, Type } of Ports) {
      if (Type !== 'tcp' || PublicPort === undefined || PublicPort === 0) continue;
      const loopbackOnly = (IP.startsWith('127.') || IP === '::1') && (ports.get(PublicPort)?.loopbackOnly ?? true);
      ports.set(PublicPort, { port: PublicPort, inner: PrivatePort, container, loopbackOnly });
    }
  }
  return [...ports.values()].toSorted((a, b) => a.port - b.port);
}

function isSame(a: PublishedPort, b: PublishedPort | undefined): boolean {
  return b !== undefined && a.port === b.port && a.inner === b.inner && a.container === b.container && a.loopbackOnly === b.loopbackOnly;
}
