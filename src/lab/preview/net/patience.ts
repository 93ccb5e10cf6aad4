/** A port is published as soon as its container runs; the program in it may need some seconds more until it listens. */
import { isDrydockError } from '../../../shared/errors.ts';

/** Long enough for a server that starts on a busy machine, short enough for one that never will. */
const patienceMilliseconds = 20_000;
const pauseMilliseconds = 1000;

/** Asks again while nothing listens on the port of a running container. Rejects with the last failure, or the signal's reason. */
export async function untilItListens<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const deadline = Date.now() + patienceMilliseconds;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isDrydockError(error, 'preview-not-listening') || Date.now() >= deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));
    signal.throwIfAborted();
  }
}
