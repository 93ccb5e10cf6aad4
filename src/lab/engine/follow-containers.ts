/** The containers of the engine, always as they are now: one look after each burst of events, since a look costs the emulated processor. */
import type { EngineClient } from '../../guest/engine/client.ts';
import type { EngineEvent } from '../../guest/engine/schemas.ts';
import { type BoardContainer, boardContainers } from './board-model.ts';

/** Several events come with one command; one look is enough for them. */
export const settleMilliseconds = 250;

export interface ContainerListener {
  /** All of them; none while the engine is away. */
  onContainers(containers: readonly BoardContainer[]): void;
  /** Each event, also of other things than containers. */
  onEvent?(event: EngineEvent): void;
}

/** Follows them until the signal aborts; never rejects. */
export async function followContainers(engine: Pick<EngineClient, 'containers' | 'events'>, signal: AbortSignal, { onContainers, onEvent }: ContainerListener): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = async (): Promise<void> => {
    try {
      const list = await engine.containers(true, { signal });
      if (!signal.aborted) onContainers(boardContainers(list));
    } catch {
      // The engine is stopped or busy; its next event, or its return, brings another look.
    }
  };
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  for await (const item of engine.events(signal)) {
    if (item.kind === 'event') {
      onEvent?.(item.event);
      if (item.event.Type !== 'container') continue;
    }
    if (item.kind === 'lost') onContainers([]);
    clearTimeout(timer);
    timer = setTimeout(() => void look(), item.kind === 'connected' ? 0 : settleMilliseconds);
  }
}
