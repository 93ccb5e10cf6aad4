/** A TCP connection as the page's hosts use it: promises around the protocol. */
import { ConnectionError, type Connection, type Endpoint } from '../connection.ts';
import { TcpProtocol } from './protocol.ts';
import type { TcpProtocolOptions, TcpState } from './protocol-types.ts';
import { ReadQueue } from './read-queue.ts';
import type { Segment } from './segment.ts';
import { WriteQueue } from './write-queue.ts';

export interface TcpConnectionEvents {
  /** Once: both directions are open. */
  onOpen(): void;
  /** Once: nothing is left of it. `error` is what ended it before its time. */
  onClosed(error: ConnectionError | undefined): void;
}

export class TcpConnection implements Connection {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly #protocol: TcpProtocol;
  readonly #reads: ReadQueue;
  readonly #writes: WriteQueue;
  readonly #delivered = Promise.withResolvers<void>();

  constructor(options: TcpProtocolOptions, events: TcpConnectionEvents) {
    this.local = options.local;
    this.remote = options.remote;
    // It may be that nobody waits for the end.
    this.#delivered.promise.catch(() => undefined);
    const protocol = new TcpProtocol(options, {
      onOpen: () => events.onOpen(),
      onReadable: () => this.#reads.wake(),
      onRoom: () => this.#writes.wake(),
      onDelivered: () => this.#delivered.resolve(),
      onClosed: (error) => {
        this.#break(error ?? new ConnectionError('aborted', 'the connection is over'));
        events.onClosed(error);
      },
    });
    this.#protocol = protocol;
    this.#reads = new ReadQueue(() => protocol.take());
    this.#writes = new WriteQueue(protocol);
  }

  get state(): TcpState {
    return this.#protocol.state;
  }

  /** What the peer sends next: a SYN beyond it may begin a new connection where this one is in TIME-WAIT. */
  get expected(): number {
    return this.#protocol.expected;
  }

  /** Sends the first segment. */
  begin(): void {
    this.#protocol.begin();
  }

  /** Takes a segment from the peer. */
  input(segment: Segment): void {
    this.#protocol.input(segment);
  }

  /** ICMP says that the peer cannot be reached. */
  unreachable(fault: 'unreachable' | 'refused'): void {
    this.#protocol.unreachable(fault);
  }

  read(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return this.#reads.read();
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#writes.write(bytes);
  }

  end(): Promise<void> {
    this.#writes.end();
    return this.#delivered.promise;
  }

  abort(): void {
    this.#protocol.abort(new ConnectionError('aborted', 'the connection was broken off on this side'));
  }

  /** Ends it in order once its handler has returned: what was written arrives, what still comes is thrown away. */
  release(): void {
    this.#writes.end();
    this.#protocol.discard();
  }

  #break(error: ConnectionError): void {
    this.#reads.close(error);
    this.#writes.close(error);
    this.#delivered.reject(error);
  }
}
