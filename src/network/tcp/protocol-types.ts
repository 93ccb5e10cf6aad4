/** Where the protocol of a connection meets what is around it. */
import type { ConnectionError, Endpoint } from '../connection.ts';
import type { Segment } from './segment.ts';
import type { TcpSettings } from './settings.ts';

export type TcpState = 'syn-sent' | 'syn-received' | 'established' | 'fin-wait-1' | 'fin-wait-2' | 'close-wait' | 'closing' | 'last-ack' | 'time-wait' | 'closed';

export interface TcpProtocolOptions {
  readonly settings: TcpSettings;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** Initial sequence number. */
  readonly initial: number;
  /** The SYN that is accepted; without it the connection is opened from here. */
  readonly syn?: Segment;
  send(segment: Segment): void;
}

export interface TcpProtocolEvents {
  /** Once: both directions are open. */
  onOpen(): void;
  /** There is something to take. */
  onReadable(): void;
  /** There is room for more to send. */
  onRoom(): void;
  /** Everything has arrived, the end included. */
  onDelivered(): void;
  /** Once: nothing is left of it. */
  onClosed(error: ConnectionError | undefined): void;
}
