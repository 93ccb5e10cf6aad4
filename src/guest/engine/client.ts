/** The Docker Engine API as the page uses it. Few and small requests: the engine runs on an emulated processor. */
import { z } from 'zod';
import { DrydockError, isDrydockError } from '../../shared/errors.ts';
import { decodeUtf8 } from '../bytes.ts';
import type { WaitOptions } from '../supervise.ts';
import { type EventItem, followEvents } from './events.ts';
import {
  type ContainerChanges,
  containerChangesSchema,
  type ContainerInspect,
  containerInspectSchema,
  type ContainerSummary,
  containerSummarySchema,
  type EngineInfo,
  type EngineNetwork,
  type EngineVersion,
  type EngineVolume,
  type ExecInspect,
  execInspectSchema,
  idSchema,
  type ImageHistory,
  imageHistorySchema,
  type ImageInspect,
  imageInspectSchema,
  type ImageSummary,
  imageSummarySchema,
  infoSchema,
  type NetworkInspect,
  networkInspectSchema,
  networkSchema,
  versionSchema,
  volumeListSchema,
} from './schemas.ts';
import { type ContainerOutput, demultiplex, firstFileOfTar } from './streams.ts';
import { apiPrefix, EngineTransport, parseJson, type SocketConnector } from './transport.ts';

export interface EngineClientOptions {
  /** `/run/docker.sock` unless given. */
  socketPath?: string;
}

export interface ContainerListOptions extends WaitOptions {
  /** Only those made from this image or from one built on it. */
  ancestor?: string | undefined;
}

export interface LogOptions extends WaitOptions {
  /** Only so many of the last lines; 500 unless given. */
  tail?: number;
}

export interface ContainerExecResult extends ContainerOutput {
  exitCode: number;
}

const defaultTail = 500;

export class EngineClient {
  readonly #transport: EngineTransport;

  constructor(connector: SocketConnector, options: EngineClientOptions = {}) {
    this.#transport = new EngineTransport(connector, options.socketPath ?? '/run/docker.sock');
  }

  /** @param all whether those that do not run are wanted too */
  containers(all: boolean, options: ContainerListOptions = {}): Promise<ContainerSummary[]> {
    const query = all ? ['all=1'] : [];
    if (options.ancestor !== undefined) query.push(`filters=${encodeURIComponent(JSON.stringify({ ancestor: [options.ancestor] }))}`);
    const path = `${apiPrefix}/containers/json${query.length > 0 ? `?${query.join('&')}` : ''}`;
    return this.#transport.json(path, z.array(containerSummarySchema), options);
  }

  /** Null when there is no such container. */
  inspectContainer(id: string, options?: WaitOptions): Promise<ContainerInspect | null> {
    return orNull(this.#transport.json(`${apiPrefix}/containers/${encodeURIComponent(id)}/json`, containerInspectSchema, options));
  }

  /** What the container's writable layer adds to the image, changes of it and hides of it; null when there is no such container. */
  containerChanges(id: string, options?: WaitOptions): Promise<ContainerChanges | null> {
    return orNull(this.#transport.json(`${apiPrefix}/containers/${encodeURIComponent(id)}/changes`, containerChangesSchema, options));
  }

  images(options?: WaitOptions): Promise<ImageSummary[]> {
    return this.#transport.json(`${apiPrefix}/images/json`, z.array(imageSummarySchema), options);
  }

  /** Null when there is no such image. */
  inspectImage(name: string, options?: WaitOptions): Promise<ImageInspect | null> {
    return orNull(this.#transport.json(`${apiPrefix}/images/${encodeURIComponent(name)}/json`, imageInspectSchema, options));
  }

  /** How the image came to be, the newest step first; null when there is no such image. */
  imageHistory(name: string, options?: WaitOptions): Promise<ImageHistory | null> {
    return orNull(this.#transport.json(`${apiPrefix}/images/${encodeURIComponent(name)}/history`, imageHistorySchema, options));
  }

  networks(options?: WaitOptions): Promise<EngineNetwork[]> {
    return this.#transport.json(`${apiPrefix}/networks`, z.array(networkSchema), options);
  }

  /** Null when there is no such network. */
  inspectNetwork(name: string, options?: WaitOptions): Promise<NetworkInspect | null> {
    return orNull(this.#transport.json(`${apiPrefix}/networks/${encodeURIComponent(name)}`, networkInspectSchema, options));
  }

  async volumes(options?: WaitOptions): Promise<EngineVolume[]> {
    return (await this.#transport.json(`${apiPrefix}/volumes`, volumeListSchema, options)).Volumes;
  }

  info(options?: WaitOptions): Promise<EngineInfo> {
    return this.#transport.json(`${apiPrefix}/info`, infoSchema, options);
  }

  version(options?: WaitOptions): Promise<EngineVersion> {
    return this.#transport.json(`${apiPrefix}/version`, versionSchema, options);
  }

  /** The last lines that a container wrote. */
  async logs(id: string, options: LogOptions = {}): Promise<ContainerOutput> {
    const path = `${apiPrefix}/containers/${encodeURIComponent(id)}/logs?stdout=1&stderr=1&tail=${options.tail ?? defaultTail}`;
    const { headers, body } = await this.#transport.request({ method: 'GET', path }, options);
    return demultiplex(body, isRaw(headers));
  }

  /** Calls back whenever the container writes something new. Settles when it ends or the signal aborts; rejects on failure. */
  async followLogs(id: string, onOutput: () => void, signal: AbortSignal): Promise<void> {
    const path = `${apiPrefix}/containers/${encodeURIComponent(id)}/logs?stdout=1&stderr=1&follow=1&tail=0`;
    try {
      const response = await this.#transport.stream({ method: 'GET', path }, signal);
      while ((await response.read()) !== null) onOutput();
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** A regular file of a container, running or not; null when there is none at the path. */
  async containerFile(id: string, path: string, options?: WaitOptions): Promise<Uint8Array | null> {
    const request = `${apiPrefix}/containers/${encodeURIComponent(id)}/archive?path=${encodeURIComponent(path)}`;
    const answer = await orNull(this.#transport.request({ method: 'GET', path: request }, options));
    return answer === null ? null : firstFileOfTar(answer.body);
  }

  /** Runs a command in a running container. It costs the guest about as much as `docker exec`. */
  async execInContainer(id: string, argv: readonly string[], options?: WaitOptions): Promise<ContainerExecResult> {
    const path = `${apiPrefix}/containers/${encodeURIComponent(id)}/exec`;
    const json = { Cmd: argv, AttachStdout: true, AttachStderr: true };
    const created = await this.#transport.request({ method: 'POST', path, json }, options);
    const exec = parseJson(`POST ${path}`, decodeUtf8(created.body), idSchema);
    const start = { method: 'POST', path: `${apiPrefix}/exec/${exec.Id}/start`, json: { Detach: false, Tty: false } } as const;
    const output = demultiplex((await this.#transport.request(start, options)).body, false);
    const { ExitCode } = await this.inspectExec(exec.Id, options);
    if (ExitCode === null || ExitCode === undefined) {
      throw new DrydockError('engine-answer-invalid', { request: `POST ${path}`, reason: 'the command ended without an exit code' });
    }
    return { ...output, exitCode: ExitCode };
  }

  inspectExec(id: string, options?: WaitOptions): Promise<ExecInspect> {
    return this.#transport.json(`${apiPrefix}/exec/${encodeURIComponent(id)}/json`, execInspectSchema, options);
  }

  /**
   * Events from now on, across restarts of the engine, until the signal aborts.
   * @param backoffMs pauses between attempts to connect, the last one repeating
   */
  events(signal: AbortSignal, backoffMs?: readonly number[]): AsyncGenerator<EventItem, void, void> {
    return followEvents(this.#transport, signal, backoffMs);
  }
}

/** 404 is an answer to "is it there?", not a failure. */
async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (isDrydockError(error, 'engine-api-error') && error.params['status'] === 404) return null;
    throw error;
  }
}

/** With a terminal both outputs are one plain stream; the engine says which it sends since API 1.42. */
function isRaw(headers: ReadonlyMap<string, string>): boolean {
  return headers.get('content-type') === 'application/vnd.docker.raw-stream';
}
