/** The containers of the engine, always as they are now. */
import type { EngineClient } from '../../guest/engine/client.ts';
import type { EngineEvent } from '../../guest/engine/schemas.ts';
import { type BoardContainer, boardContainers } from './board-model.ts';
import { lookAfterEvents } from './look-after-events.ts';

export interface ContainerListener {
  /** All of them; none while the engine is away. */
  onContainers(containers: readonly BoardContainer[]): void;
  /** Each event, also of other things than containers. */
  onEvent?(event: EngineEvent): void;
}

/** Follows them until the signal aborts; never rejects. */
export async function followContainers(engine: Pick<EngineClient, 'containers' | 'events'>, signal: AbortSignal, { onContainers, onEvent }: ContainerListener): Promise<void> {
  await lookAfterEvents(engine, signal, {
    isNews(item) {
      if (item.kind === 'event') onEvent?.(item.event);
      if (item.kind === 'lost') onContainers([]);
      return item.kind !== 'event' || item.event.Type === 'container';
    },
    async look() {
      try {
        const list = await engine.containers(true, { signal });
        if (!signal.aborted) onContainers(boardContainers(list));
      } catch {
        // The engine is stopped or busy; its next event, or its return, brings another look.
      }
    },
  });
}
