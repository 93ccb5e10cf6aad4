/** Looks at the engine whenever it has news, once after each burst of them: one command brings several, and a look costs the emulated processor. */
import type { EngineClient } from '../../guest/engine/client.ts';
import type { EventItem } from '../../guest/engine/events.ts';

/** So long after the last news of a burst; after the stream of events stands, at once. */
const settleMilliseconds = 250;

export interface LookOptions {
  /** Hears everything that comes along the stream. @returns whether it is worth a look */
  isNews(item: EventItem): boolean;
  /** Never rejects. */
  look(): Promise<void>;
  settleMilliseconds?: number;
}

/** Goes on until the signal aborts; never rejects. */
export async function lookAfterEvents(engine: Pick<EngineClient, 'events'>, signal: AbortSignal, { isNews, look, settleMilliseconds: settle = settleMilliseconds }: LookOptions): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  for await (const item of engine.events(signal)) {
    // What was about to be looked at is gone with the stream.
    if (item.kind === 'lost') clearTimeout(timer);
    if (!isNews(item)) continue;
    clearTimeout(timer);
    timer = setTimeout(() => void look(), item.kind === 'connected' ? 0 : settle);
  }
}
