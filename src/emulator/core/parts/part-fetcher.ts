/**
 * Gets parts of an image reliably: a few at a time, each checked against its hash, tried again with growing waits.
 *
 * A part with the wrong hash is fetched once more past all caches; if it is wrong again, more tries would only load
 * the server, so that the learner is told.
 */
import { DrydockError, reasonOf } from '../../../shared/errors.ts';
import { Limiter } from '../../../shared/limiter.ts';
import type { Part } from '../../../shared/manifest.ts';
import { sha256Hex } from '../../../shared/sha256.ts';
import { Transfer } from '../../../shared/transfer.ts';
import { backoffMilliseconds, browserConnectivity, waitToRetry, type Connectivity } from './backoff.ts';
import { PermanentFailure, type PartTransport } from './transport.ts';

/** With the waits between them five attempts bridge about 8 s of a broken connection. */
const defaultAttempts = 5;
/** Browsers open six connections to an HTTP/1.1 server. */
const defaultConcurrency = 6;

export interface PartRequest {
  signal?: AbortSignal | undefined;
  /** Bytes of the part received so far; falls back to 0 when an attempt fails. */
  onProgress?: (received: number) => void;
}

/** Gives parts as served, checked. Rejects with `part-download-failed`, `part-corrupt` or the signal's reason. */
export interface PartFetcher {
  fetch(part: Part, request?: PartRequest): Promise<Uint8Array<ArrayBuffer>>;
}

export interface PartFetcherOptions {
  transport: PartTransport;
  attempts?: number;
  stallMilliseconds?: number;
  concurrency?: number;
  connectivity?: Connectivity;
  /** 0 to 1, for the waits. */
  random?: () => number;
}

export function createPartFetcher(options: PartFetcherOptions): PartFetcher {
  const limiter = new Limiter(options.concurrency ?? defaultConcurrency);
  return {
    fetch: (part, request = {}) => limiter.run(() => fetchChecked(part, request, options), request.signal),
  };
}

async function fetchChecked(part: Part, request: PartRequest, options: PartFetcherOptions): Promise<Uint8Array<ArrayBuffer>> {
  let fresh = false;
  for (;;) {
    const bytes = await fetchPatiently(part, fresh, request, options);
    const actual = await sha256Hex(bytes);
    request.signal?.throwIfAborted();
    if (actual === part.sha256) return bytes;
    request.onProgress?.(0);
    if (fresh) throw new DrydockError('part-corrupt', { part: part.path, expected: part.sha256, actual });
    fresh = true;
  }
}

async function fetchPatiently(part: Part, fresh: boolean, request: PartRequest, options: PartFetcherOptions): Promise<Uint8Array<ArrayBuffer>> {
  const attempts = options.attempts ?? defaultAttempts;
  const signal = request.signal ?? new AbortController().signal;
  for (let attempt = 1; ; attempt++) {
    try {
      return await fetchOnce(part, fresh, signal, request, options);
    } catch (error) {
      signal.throwIfAborted();
      request.onProgress?.(0);
      if (attempt >= attempts || error instanceof PermanentFailure) {
        throw new DrydockError('part-download-failed', { part: part.path, attempts: attempt, reason: reasonOf(error) }, { cause: error });
      }
    }
    const wait = backoffMilliseconds(attempt, (options.random ?? Math.random)());
    await waitToRetry(wait, signal, options.connectivity ?? browserConnectivity());
  }
}

async function fetchOnce(part: Part, fresh: boolean, signal: AbortSignal, request: PartRequest, options: PartFetcherOptions): Promise<Uint8Array<ArrayBuffer>> {
  const transfer = new Transfer(signal, options.stallMilliseconds);
  try {
    return await transfer.wait(() =>
      options.transport(part, {
        signal: transfer.signal,
        fresh,
        onBytes(received) {
          if (transfer.signal.aborted) return;
          transfer.heard();
          request.onProgress?.(received);
        },
      }),
    );
  } finally {
    // Nobody listens to bytes of this attempt any more.
    transfer.end();
  }
}
