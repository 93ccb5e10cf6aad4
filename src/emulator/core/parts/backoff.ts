/** Waiting between two attempts: longer each time, at random so that clients do not come back all at once. */

/** First wait; doubled each time. */
const firstMilliseconds = 500;
const longestMilliseconds = 8000;
/** While the browser says it is offline, an attempt is put off so long at most: the browser may be wrong. */
const offlineMilliseconds = 20_000;

/** Tells whether there is a network; `globalThis` in a worker or a page. */
export interface Connectivity {
  isOnline(): boolean;
  /** Calls the listener once when the network is back; returns a function that withdraws it. */
  onceOnline(listener: () => void): () => void;
}

/** Wait before the attempt after the given one (1 is the first), in milliseconds. `random` is 0 to 1. */
export function backoffMilliseconds(attempt: number, random: number): number {
  return Math.min(longestMilliseconds, firstMilliseconds * 2 ** (attempt - 1)) * (0.5 + random / 2);
}

/** Resolves after the time; where there is no network, when it is back. Rejects when the signal fires. */
export async function waitToRetry(milliseconds: number, signal: AbortSignal, connectivity: Connectivity): Promise<void> {
  await sleep(milliseconds, signal);
  if (connectivity.isOnline()) return;
  let withdraw = (): void => undefined;
  const online = new Promise<void>((resolve) => {
    withdraw = connectivity.onceOnline(resolve);
  });
  const end = new AbortController();
  try {
    await Promise.race([online, sleep(offlineMilliseconds, AbortSignal.any([signal, end.signal]))]);
  } finally {
    withdraw();
    end.abort();
  }
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', abort, { once: true });
  });
}

/** The network as the browser reports it; elsewhere it is always there. */
export function browserConnectivity(): Connectivity {
  return {
    isOnline: () => globalThis.navigator?.onLine !== false,
    onceOnline(listener) {
      globalThis.addEventListener('online', listener, { once: true });
      return () => globalThis.removeEventListener('online', listener);
    },
  };
}
