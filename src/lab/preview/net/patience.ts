/** A port is published as soon as its container runs; the program in it may need some seconds more until it listens. */
import { type Clock, systemClock } from '../../../shared/clock.ts';
import { isDrydockError } from '../../../shared/errors.ts';

/** Long enough for a server that starts on a busy machine, short enough for one that never will. */
const patienceMilliseconds = 20_000;
const pauseMilliseconds = 1000;

/**
 * Asks again while nothing listens on the port of a running container. Rejects with the last failure, or the signal's reason.
 * @param clock that of the machine: a program that stands still does not start
 */
export async function untilItListens<T>(ask: () => Promise<T>, signal: AbortSignal, clock: Clock = systemClock): Promise<T> {
  const deadline = clock.now() + patienceMilliseconds;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isDrydockError(error, 'preview-not-listening') || clock.now() >= deadline) throw error;
    }
    await new Promise<void>((resolve) => void clock.after(pauseMilliseconds, resolve));
    signal.throwIfAborted();
  }
}
