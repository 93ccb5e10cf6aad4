/** A byte stream between two hosts of the virtual network: what TCP gives, and what TLS and HTTP are built on. */

export interface Endpoint {
  /** Dotted IPv4. */
  readonly address: string;
  readonly port: number;
}

/**
 * One open connection. Both directions have back-pressure, and end on their own: closing `writable` says that no more
 * will be sent, and `readable` ends when the peer has said so.
 */
export interface Connection {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly writable: WritableStream<Uint8Array>;
  /** Breaks it off in both directions (a reset, in TCP); pending reads and writes reject. Harmless once it is over. */
  abort(): void;
}

/** Serves one accepted connection; what it rejects with breaks the connection off. */
export type ConnectionHandler = (connection: Connection) => Promise<void>;

/** A host of the page on the virtual network. */
export interface HostDeclaration {
  /** Fully qualified names it is found under; the first is its own. */
  readonly names: readonly string[];
  /** Dotted IPv4. */
  readonly address: string;
  /** What listens on which TCP port; any other port refuses. */
  readonly ports: ReadonlyMap<number, ConnectionHandler>;
}
