/** A limit on every wait: work on a channel that ends by time-out or abort closes the channel instead of leaking it. */
import { DrydockError } from '../shared/errors.ts';
import type { Channel } from './channel.ts';

export interface WaitOptions {
  signal?: AbortSignal | undefined;
  /** How long the whole operation may take, by the clock of the client, which may stand still with the guest. */
  timeoutMs?: number | undefined;
}

/** 30 s: a guest that is swamped by a build answers late, but a page must not wait for ever. */
export const defaultOperationTimeoutMs = 30_000;

/** The result of `work`, or DD2007 / DD2011 with the channel closed. */
export async function supervise<T>(channel: Channel, options: WaitOptions, work: Promise<T>): Promise<T> {
  const { signal, timeoutMs = defaultOperationTimeoutMs } = options;
  const stopped = Promise.withResolvers<never>();
  const stop = (error: DrydockError) => {
    channel.close(error);
    stopped.reject(error);
  };
  const onAbort = () => stop(new DrydockError('operation-cancelled', { what: channel.what }, { cause: signal?.reason }));
  const late = () => stop(new DrydockError('command-timed-out', { command: channel.what, seconds: Math.round(timeoutMs / 1000) }));
  const cancelTimer = channel.clock.after(timeoutMs, late);
  signal?.addEventListener('abort', onAbort, { once: true });
  stopped.promise.catch(() => {});
  work.catch(() => {});
  try {
    if (signal?.aborted) onAbort();
    return await Promise.race([stopped.promise, work]);
  } finally {
    cancelTimer();
    signal?.removeEventListener('abort', onAbort);
  }
}
