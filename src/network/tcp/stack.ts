/** TCP of one host: finds the connection a segment belongs to, accepts new ones, opens some, refuses the rest. */
import { formatIpv4 } from '../address.ts';
import { ConnectionError, type Connection, type ConnectionHandler } from '../connection.ts';
import { TcpConnection, type TcpConnectionEvents } from './connection.ts';
import type { TcpProtocolOptions } from './protocol-types.ts';
import { buildSegment, flag, parseSegment, resetFor, type Segment } from './segment.ts';
import type { TcpSettings } from './settings.ts';

/** RFC 6335: from here on ports are given out to those who ask for any. */
const firstDynamicPort = 49_152;
const dynamicPorts = 65_536 - firstDynamicPort;

export interface TcpStackOptions {
  readonly settings: TcpSettings;
  readonly address: number;
  /** A random number of 32 bits. */
  random(): number;
  /** Sends a segment as the payload of an IP packet. */
  output(destination: number, segment: Uint8Array<ArrayBuffer>): void;
  /** What listens on the port. */
  handlerFor(port: number): ConnectionHandler | undefined;
  /** A handler has failed; its connection is broken off already. */
  onHandlerError?(error: unknown): void;
}

export interface OpenOptions {
  signal?: AbortSignal | undefined;
  /** Milliseconds until the attempt is given up. */
  timeout?: number | undefined;
}

/** As long as SYNs are sent: a busy guest may take its time. */
const defaultTimeout = 30_000;

export class TcpStack {
  readonly #options: TcpStackOptions;
  readonly #address: string;
  /** By remote address, remote port and local port. */
  readonly #connections = new Map<string, TcpConnection>();
  #lastPort: number;

  constructor(options: TcpStackOptions) {
    this.#options = options;
    this.#address = formatIpv4(options.address);
    this.#lastPort = options.random() % dynamicPorts;
  }

  /** Connections that are open or not yet forgotten. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Takes the payload of an IP packet. */
  input(source: number, bytes: Uint8Array): void {
    const segment = parseSegment(bytes, source, this.#options.address);
    if (segment === undefined) return;
    const key = keyOf(source, segment.sourcePort, segment.destinationPort);
    const connection = this.#connections.get(key);
    if (connection !== undefined && !reopens(connection, segment)) {
      connection.input(segment);
      return;
    }
    connection?.abort();
    const handler = (segment.flags & (flag.syn | flag.acknowledge | flag.reset)) === flag.syn ? this.#options.handlerFor(segment.destinationPort) : undefined;
    if (handler === undefined || !this.#hasRoom()) {
      const reset = resetFor(segment);
      if (reset !== undefined) this.#send(source, reset);
      return;
    }
    this.#accept(key, source, segment, handler);
  }

  /** Opens a connection. Rejects with `ConnectionError`, or with the signal's reason. */
  open(destination: number, port: number, { signal, timeout = defaultTimeout }: OpenOptions = {}): Promise<Connection> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      const remote = { address: formatIpv4(destination), port };
      const localPort = this.#freePort(destination, port);
      if (localPort === undefined) {
        reject(new ConnectionError('refused', `${this.#address} has too many connections open`));
        return;
      }
      const key = keyOf(destination, port, localPort);
      const cancelTimer = this.#options.settings.clock.after(timeout, () => {
        reject(new ConnectionError('timeout', `${remote.address}:${port} did not answer within ${timeout / 1000} s`));
        connection.abort();
      });
      const abort = (): void => {
        reject(signal?.reason);
        connection.abort();
      };
      const stop = (): void => {
        cancelTimer();
        signal?.removeEventListener('abort', abort);
      };
      const connection: TcpConnection = this.#create(key, destination, { local: { address: this.#address, port: localPort }, remote }, {
        onOpen() {
          stop();
          resolve(connection);
        },
        onClosed(error) {
          stop();
          // Means nothing once it has been open.
          reject(error);
        },
      });
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** ICMP quotes the beginning of a segment of ours that cannot be delivered. */
  unreachable(destination: number, quoted: Uint8Array, fault: 'unreachable' | 'refused'): void {
    if (quoted.length < 4) return;
    const view = new DataView(quoted.buffer, quoted.byteOffset, quoted.length);
    this.#connections.get(keyOf(destination, view.getUint16(2), view.getUint16(0)))?.unreachable(fault);
  }

  /** Nobody answers for the address: attempts to reach it fail. */
  lost(destination: number): void {
    const prefix = `${destination}:`;
    for (const [key, connection] of this.#connections) if (key.startsWith(prefix)) connection.unreachable('unreachable');
  }

  /** Breaks off everything. */
  close(): void {
    for (const connection of this.#connections.values()) connection.abort();
  }

  #accept(key: string, source: number, syn: Segment, handler: ConnectionHandler): void {
    const ends = { local: { address: this.#address, port: syn.destinationPort }, remote: { address: formatIpv4(source), port: syn.sourcePort } };
    const connection = this.#create(key, source, { ...ends, syn }, {
      onOpen: () => {
        this.#serve(connection, handler).catch(() => undefined);
      },
    });
  }

  async #serve(connection: TcpConnection, handler: ConnectionHandler): Promise<void> {
    try {
      await handler(connection, this.#options.settings.clock);
      connection.release();
    } catch (error) {
      connection.abort();
      this.#options.onHandlerError?.(error);
    }
  }

  #create(key: string, remote: number, options: Pick<TcpProtocolOptions, 'local' | 'remote' | 'syn'>, events: Partial<TcpConnectionEvents>): TcpConnection {
    const send = (segment: Segment): void => this.#send(remote, segment);
    const connection: TcpConnection = new TcpConnection({ ...options, settings: this.#options.settings, initial: this.#options.random(), send }, {
      onOpen: () => events.onOpen?.(),
      onClosed: (error) => {
        if (this.#connections.get(key) === connection) this.#connections.delete(key);
        events.onClosed?.(error);
      },
    });
    this.#connections.set(key, connection);
    connection.begin();
    return connection;
  }

  /** Whether there may be one more connection; those that only wait to be forgotten make room. */
  #hasRoom(): boolean {
    const { connections } = this.#options.settings;
    if (this.#connections.size < connections) return true;
    for (const connection of this.#connections.values()) {
      if (connection.state !== 'time-wait') continue;
      connection.abort();
      return true;
    }
    return false;
  }

  #freePort(destination: number, port: number): number | undefined {
    if (!this.#hasRoom()) return undefined;
    for (let tries = 0; tries < dynamicPorts; tries += 1) {
      this.#lastPort = (this.#lastPort + 1) % dynamicPorts;
      const candidate = firstDynamicPort + this.#lastPort;
      if (!this.#connections.has(keyOf(destination, port, candidate))) return candidate;
    }
    return undefined;
  }

  #send(destination: number, segment: Segment): void {
    this.#options.output(destination, buildSegment(segment, this.#options.address, destination));
  }
}

function keyOf(remoteAddress: number, remotePort: number, localPort: number): string {
  return `${remoteAddress}:${remotePort}:${localPort}`;
}

/** A SYN beyond everything the peer has sent takes the place of a connection that only waits to be forgotten. */
function reopens(connection: TcpConnection, segment: Segment): boolean {
  if (connection.state !== 'time-wait' || (segment.flags & (flag.syn | flag.acknowledge | flag.reset)) !== flag.syn) return false;
  return ((segment.sequence - connection.expected) | 0) > 0;
}
