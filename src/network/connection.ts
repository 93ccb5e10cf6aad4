/** A byte stream between two hosts of the virtual network: what TCP gives, and what TLS and HTTP are built on. */
import type { Clock } from '../shared/clock.ts';

export interface Endpoint {
  /** Dotted IPv4. */
  readonly address: string;
  readonly port: number;
}

/** One open connection. Each direction has back-pressure and ends on its own. */
export interface Connection {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** The next bytes, as they come; `undefined` once the peer has ended its direction. One read at a time. Rejects with `ConnectionError`. */
  read(): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Resolves when there is room for more, not when the bytes have arrived. The bytes must not change until then. Rejects with `ConnectionError`. */
  write(bytes: Uint8Array): Promise<void>;
  /** No more will be written; what was written still arrives. Resolves once the peer has it all. */
  end(): Promise<void>;
  /** Breaks it off in both directions (a reset, in TCP); pending calls reject. Harmless once it is over. */
  abort(): void;
}

export type ConnectionFault = 'reset' | 'refused' | 'unreachable' | 'timeout' | 'aborted';

/** Why a connection broke off or did not come about. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly fault: ConnectionFault;

  constructor(fault: ConnectionFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

/**
 * Serves one accepted connection; what it rejects with breaks the connection off. What waits for the client is timed by the
 * network's clock, which stands still with the guests; by the computer's unless given.
 */
export type ConnectionHandler = (connection: Connection, clock?: Clock) => Promise<void>;

/** A host of the page on the virtual network. */
export interface HostDeclaration {
  /** Fully qualified names it is found under; the first is its own. */
  readonly names: readonly string[];
  /** Dotted IPv4. */
  readonly address: string;
  /** What listens on which TCP port; any other port refuses. */
  readonly ports: ReadonlyMap<number, ConnectionHandler>;
}
