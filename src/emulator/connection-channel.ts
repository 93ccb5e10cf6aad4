/**
 * A connection of the virtual network carried over a MessagePort, so that the page can hold the end of what the worker
 * has opened. Both sides speak the same messages. Bytes travel as transferred ArrayBuffers against credit: each side may
 * send so many bytes more than the other one has taken, so that neither piles up what the other does not read.
 */
import { z } from 'zod';
import type { ConnectionFault } from '../network/connection.ts';

const endpoint = z.strictObject({ address: z.string().describe('Dotted IPv4'), port: z.int() });
const faults = ['reset', 'refused', 'unreachable', 'timeout', 'aborted'] as const satisfies readonly ConnectionFault[];

export const channelMessageSchema = z.lazy(() =>
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('open'), local: endpoint, remote: endpoint }).describe('The first from the worker, if it has come about'),
    z.strictObject({ type: z.literal('data'), bytes: z.instanceof(ArrayBuffer) }),
    z.strictObject({ type: z.literal('credit'), bytes: z.int().positive().describe('So many more may be sent') }),
    z.strictObject({ type: z.literal('end') }).describe('No more data from this side'),
    z.strictObject({ type: z.literal('delivered') }).describe('Everything up to the end has arrived at the far side'),
    z.strictObject({ type: z.literal('abort') }).describe('The page breaks it off, or does not want it any more'),
    z.strictObject({ type: z.literal('broken'), fault: z.enum(faults), message: z.string() }).describe('The last from the worker: it broke off, or did not come about'),
  ]),
);

export type ChannelMessage = z.infer<typeof channelMessageSchema>;

/** What each side may send before the first credit comes. */
export const firstCredit = 256 << 10;

/** What of a MessagePort is used. */
export type ChannelPort = Pick<MessagePort, 'postMessage' | 'close' | 'onmessage' | 'onmessageerror'>;

/** Pieces no larger than this, so that a slow reader's credit is used in steps. */
export const largestPiece = 64 << 10;

/** Posts bytes as a copy of their own, which is transferred. */
export function postBytes(port: ChannelPort, bytes: Uint8Array): void {
  const { buffer } = bytes.slice();
  port.postMessage({ type: 'data', bytes: buffer } satisfies ChannelMessage, [buffer]);
}

/** How much may still be sent, and whoever waits for more. */
export class Credit {
  #left = firstCredit;
  #waiting: (() => void)[] = [];

  get left(): number {
    return this.#left;
  }

  /** Uses up to so many bytes of it, at least one; waits until there are any. */
  async take(bytes: number): Promise<number> {
    while (this.#left <= 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const taken = Math.min(bytes, this.#left);
    this.#left -= taken;
    return taken;
  }

  give(bytes: number): void {
    this.#left += bytes;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
