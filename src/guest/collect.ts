/** Gathers what a channel sends, up to a limit, for operations that need all of it. */
import { DrydockError } from '../shared/errors.ts';
import { concatBytes } from './bytes.ts';
import type { Channel, ChannelReceiver } from './channel.ts';

export class Collector implements ChannelReceiver {
  readonly #limit: number;
  readonly #parts = { out: [] as Uint8Array[], err: [] as Uint8Array[] };
  #size = 0;
  #channel: Channel | undefined;

  /** @param limit most bytes of both streams together; more closes the channel with DD2009 */
  constructor(limit: number) {
    this.#limit = limit;
  }

  attach(channel: Channel): void {
    this.#channel = channel;
  }

  data(bytes: Uint8Array, source: 'out' | 'err'): void {
    this.#size += bytes.length;
    const channel = this.#channel;
    if (channel === undefined) return;
    if (this.#size > this.#limit) {
      channel.close(new DrydockError('output-too-large', { what: channel.what, limitBytes: this.#limit }));
      return;
    }
    this.#parts[source].push(bytes);
    channel.consumed(bytes.length);
  }

  bytes(source: 'out' | 'err'): Uint8Array<ArrayBuffer> {
    return concatBytes(this.#parts[source]);
  }
}
