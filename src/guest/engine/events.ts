/** The engine's event stream as one unbroken sequence, whatever happens to the engine meanwhile. */
import { DrydockError, toDrydockError } from '../../shared/errors.ts';
import { type EngineEvent, eventSchema } from './schemas.ts';
import { LineSplitter } from './streams.ts';
import { apiPrefix, type EngineTransport, parseJson } from './transport.ts';

export type EventItem =
  /** The stream stands (again): whatever was known before may be out of date. */
  | { kind: 'connected' }
  | { kind: 'event'; event: EngineEvent }
  /** The stream broke; it is tried again by itself. */
  | { kind: 'lost'; error: DrydockError };

/** Pauses between attempts in ms; the last one repeats. */
const defaultBackoffMs: readonly number[] = [500, 1000, 2000, 4000, 8000];

/** The engine itself remembers no more than this many events (daemon/events in moby). */
const rememberedEvents = 256;

/** Follows the events until the signal aborts, which ends the iteration without an error. */
export async function* followEvents(
  transport: EngineTransport,
  signal: AbortSignal,
  backoffMs: readonly number[] = defaultBackoffMs,
): AsyncGenerator<EventItem, void, void> {
  let failures = 0;
  let since: number | undefined;
  const seen = new RecentKeys(rememberedEvents);
  while (!signal.aborted) {
    try {
      const response = await transport.stream({ method: 'GET', path: eventsPath(since) }, signal);
      failures = 0;
      yield { kind: 'connected' };
      const lines = new LineSplitter();
      for (let part = await response.read(); part !== null; part = await response.read()) {
        for (const line of lines.push(part)) {
          const event = parseJson('GET /events', line, eventSchema);
          since = Math.floor(event.timeNano / 1e9);
          if (seen.add(`${event.timeNano} ${event.Type} ${event.Action} ${event.Actor.ID}`)) yield { kind: 'event', event };
        }
      }
      if (!signal.aborted) yield { kind: 'lost', error: new DrydockError('engine-unreachable', { reason: 'it ended the event stream' }) };
    } catch (error) {
      if (!signal.aborted) yield { kind: 'lost', error: toDrydockError(error) };
    }
    await pause(backoffMs[Math.min(failures, backoffMs.length - 1)] ?? 0, signal);
    failures += 1;
  }
}

/** From the second of the last event on: what happened while the stream was broken comes too, and known events twice. */
function eventsPath(since: number | undefined): string {
  return `${apiPrefix}/events${since === undefined ? '' : `?since=${since}`}`;
}

class RecentKeys {
  readonly #limit: number;
  readonly #keys = new Set<string>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** False when it was there already. */
  add(key: string): boolean {
    if (this.#keys.has(key)) return false;
    this.#keys.add(key);
    const oldest = this.#keys.size > this.#limit ? this.#keys.values().next() : undefined;
    if (oldest?.done === false) this.#keys.delete(oldest.value);
    return true;
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const ended = Promise.withResolvers<void>();
  const onAbort = () => ended.resolve();
  const timer = setTimeout(onAbort, milliseconds);
  signal.addEventListener('abort', onAbort, { once: true });
  await ended.promise;
  clearTimeout(timer);
  signal.removeEventListener('abort', onAbort);
}
