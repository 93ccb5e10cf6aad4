/**
 * What the engine told in this session: its events, and the last that was known of containers that are gone. And what was
 * asked of the registries around it.
 *
 * A container started with --rm leaves no trace behind; what was seen of it while it lived is still the engine's state.
 */
import type { ContainerInspect, EngineEvent } from '../guest/engine/schemas.ts';

/** A request that the guest made to a registry of the page's network. */
export interface SeenRequest {
  /** Name of the host that answered. */
  host: string;
  /** With query. */
  path: string;
  status: number;
  bytes: number;
  /** Whether all of the answer was sent. */
  complete: boolean;
}

/** A container that events were seen of. */
export interface RememberedContainer {
  id: string;
  name: string;
  /** As it was given to `docker run`. */
  image: string;
  labels: Readonly<Record<string, string>>;
  exitCode?: number;
  removed: boolean;
  /** The last look at it, if there was one. */
  inspect?: ContainerInspect;
  /** Nanoseconds since 1970 of its last event. */
  seen: number;
}

const maximumEvents = 2000;
const maximumRequests = 2000;
const maximumContainers = 200;

export class History {
  #events: EngineEvent[] = [];
  #requests: SeenRequest[] = [];
  readonly #containers = new Map<string, RememberedContainer>();

  get events(): readonly EngineEvent[] {
    return this.#events;
  }

  /** Requests to registries, the oldest first. */
  get requests(): readonly SeenRequest[] {
    return this.#requests;
  }

  addRequest(request: SeenRequest): void {
    this.#requests.push(request);
    if (this.#requests.length > maximumRequests) this.#requests = this.#requests.slice(-maximumRequests / 2);
  }

  /** Containers that no longer exist, the newest first. */
  removedContainers(): RememberedContainer[] {
    return [...this.#containers.values()].filter((container) => container.removed).sort((a, b) => b.seen - a.seen);
  }

  add(event: EngineEvent): void {
    this.#events.push(event);
    if (this.#events.length > maximumEvents) this.#events = this.#events.slice(-maximumEvents / 2);
    if (event.Type === 'container') this.#note(event);
  }

  /** Keeps a look at a container, in case it goes. */
  keep(inspect: ContainerInspect): void {
    const known = this.#containers.get(inspect.Id);
    if (known !== undefined) known.inspect = inspect;
  }

  clear(): void {
    this.#events = [];
    this.#requests = [];
    this.#containers.clear();
  }

  #note(event: EngineEvent): void {
    const { ID: id, Attributes: attributes } = event.Actor;
    const { name = '', image = '', exitCode, ...labels } = attributes;
    const container = this.#containers.get(id) ?? { id, name, image, labels, removed: false, seen: 0 };
    container.name = name;
    container.seen = event.timeNano;
    if (event.Action === 'die' && exitCode !== undefined) container.exitCode = Number(exitCode);
    if (event.Action === 'destroy') container.removed = true;
    this.#containers.delete(id);
    this.#containers.set(id, container);
    const oldest = this.#containers.size > maximumContainers ? this.#containers.keys().next() : undefined;
    if (oldest?.done === false) this.#containers.delete(oldest.value);
  }
}
