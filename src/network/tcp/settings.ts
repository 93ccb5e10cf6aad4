/** What all connections of a host have in common. Times in milliseconds. */
import type { Clock } from '../../shared/clock.ts';

export interface TcpSettings {
  readonly clock: Clock;
  /** Largest payload of a segment: the link's MTU without the headers of IP and TCP. */
  readonly segmentBytes: number;
  /** What a connection may hold in each direction. */
  readonly bufferBytes: number;
  /** Segments under way at most: what a guest's card has buffers for, shared by a few connections. */
  readonly flightSegments: number;
  /** So that a window of `bufferBytes` can be written in 16 bits. */
  readonly windowScale: number;
  /** Connections at most; what comes beyond them is refused. */
  readonly connections: number;
  /** A single segment is acknowledged after this time, unless data goes the other way before. */
  readonly acknowledgementDelay: number;
  /** First wait for an answer to a SYN; it doubles each time. */
  readonly handshakeRetry: number;
  /** SYNs sent at most. */
  readonly handshakes: number;
  /** Silence after which a peer that owes an acknowledgement is given up. */
  readonly patience: number;
  /** Silence after which the peer is asked whether it is still there. */
  readonly keepAlive: number;
  /** How long a connection that has ended answers an end that is sent again, counted from the last of them. */
  readonly timeWait: number;
  /** How long the peer may take to end after this side has, where nobody reads any more. */
  readonly lingering: number;
}

const headerBytes = 40;

/** An engine pulls three layers at a time. */
const sharers = 3;
/** Linux's virtio_net: a descriptor for each packet of up to 1500 bytes, or else one for each page, with two for headers. */
const descriptors = 1024;
const pageBytes = 4096;

function cardBuffers(mtu: number): number {
  return mtu <= 1500 ? descriptors : Math.floor(descriptors / (Math.ceil(mtu / pageBytes) + 2));
}

/** `mtu`: the largest IP packet of the link. */
export function tcpSettings(clock: Clock, mtu: number): TcpSettings {
  return {
    clock,
    segmentBytes: mtu - headerBytes,
    bufferBytes: 512 << 10,
    flightSegments: Math.floor(cardBuffers(mtu) / sharers),
    windowScale: 4,
    connections: 1024,
    acknowledgementDelay: 10,
    handshakeRetry: 500,
    handshakes: 6,
    patience: 300_000,
    keepAlive: 120_000,
    timeWait: 4000,
    lingering: 60_000,
  };
}
