/** The engine's events as they come: what `docker events` prints. */
import type { AgentClient } from '../../guest/client.ts';
import { EngineClient } from '../../guest/engine/client.ts';
import { subjectOf } from '../../guest/engine/names.ts';
import type { EngineEvent } from '../../guest/engine/schemas.ts';
import { h } from '../dom.ts';
import type { Strings } from '../page-data.ts';
import type { EngineView } from './part.ts';
import { stickToEnd } from './stick-to-end.ts';

/** More than anybody scrolls back. */
const mostRows = 300;

export class EventList implements EngineView {
  readonly element: HTMLElement;
  readonly #rows = h('ol', { class: 'dd-events', 'data-testid': 'events' });
  readonly #empty: HTMLElement;

  constructor(strings: Strings) {
    this.#empty = h('p', { class: 'dd-engine-note' }, strings.noEvents);
    this.element = h('div', {}, this.#empty, this.#rows);
  }

  async follow(agent: AgentClient, signal: AbortSignal): Promise<void> {
    for await (const item of new EngineClient(agent).events(signal)) {
      if (item.kind === 'event') this.#add(item.event);
    }
  }

  #add(event: EngineEvent): void {
    this.#empty.hidden = true;
    const { Attributes: attributes } = event.Actor;
    const name = subjectOf(event);
    const details = ['image', 'exitCode', 'signal', 'container', 'type'].flatMap((key) => (attributes[key] === undefined || attributes[key] === name ? [] : [`${key}=${attributes[key].slice(0, 40)}`]));
    stickToEnd(this.#rows, () => {
      this.#rows.append(h('li', { translate: 'no' },
        h('time', {}, new Date(event.timeNano / 1e6).toLocaleTimeString(undefined, { hour12: false })),
        h('span', { class: 'dd-event-type', 'data-type': event.Type }, event.Type),
        h('strong', {}, event.Action),
        h('span', {}, name),
        h('span', { class: 'dd-event-more' }, details.join(' '))));
      while (this.#rows.children.length > mostRows) this.#rows.firstElementChild?.remove();
    });
  }
}
