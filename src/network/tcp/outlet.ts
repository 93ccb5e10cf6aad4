/** Writes the segments of one connection. */
import type { Endpoint } from '../connection.ts';
import { sequenceOf } from './position.ts';
import { flag, type Segment } from './segment.ts';

/** The window field has 16 bits. */
export const largestUnscaledWindow = 0xffff;
const nothing = new Uint8Array(0);

export class Outlet {
  readonly #local: Endpoint;
  readonly #remote: Endpoint;
  readonly #send: (segment: Segment) => void;

  constructor(local: Endpoint, remote: Endpoint, send: (segment: Segment) => void) {
    this.#local = local;
    this.#remote = remote;
    this.#send = send;
  }

  /** A SYN, or with an acknowledgement the answer to one. Its window is not scaled. */
  handshake(sequence: number, acknowledgement: number | undefined, offer: { window: number; maximumSegment: number; windowScale?: number }): void {
    const { window, ...options } = offer;
    this.#write(flag.syn, sequence, acknowledgement, Math.min(window, largestUnscaledWindow), nothing, options);
  }

  /** `window` in units of the scale. */
  segment(position: number, acknowledged: number, window: number, flags: number, payload: Uint8Array = nothing): void {
    this.#write(flags, sequenceOf(position), acknowledged, Math.min(window, largestUnscaledWindow), payload);
  }

  /** A reset for a segment that acknowledges what was never sent. */
  refuse(sequence: number): void {
    this.#write(flag.reset, sequence, undefined, 0, nothing);
  }

  #write(flags: number, sequence: number, acknowledged: number | undefined, window: number, payload: Uint8Array, options: Pick<Segment, 'maximumSegment' | 'windowScale'> = {}): void {
    this.#send({
      sourcePort: this.#local.port,
      destinationPort: this.#remote.port,
      sequence,
      acknowledgement: acknowledged === undefined ? 0 : sequenceOf(acknowledged),
      flags: acknowledged === undefined ? flags : flags | flag.acknowledge,
      window,
      payload,
      ...options,
    });
  }
}
