/** The containers of the engine by state, always as they are now: what `docker ps -a` would say, seen changing. */
import type { AgentClient } from '../../guest/client.ts';
import { EngineClient } from '../../guest/engine/client.ts';
import { fillTemplate } from '../../shared/locale.ts';
import { h } from '../dom.ts';
import type { Strings } from '../page-data.ts';
import { type BoardContainer, type Column, columnLabels, columns } from './board-model.ts';
import { followContainers } from './follow-containers.ts';
import type { EngineView } from './part.ts';

export class ContainerBoard implements EngineView {
  readonly element = h('div', { class: 'dd-board', 'data-testid': 'board' });
  readonly #strings: Strings;
  readonly #lists: Record<Column, { count: HTMLElement; list: HTMLElement }>;
  #known = new Map<string, string>();

  constructor(strings: Strings) {
    this.#strings = strings;
    const labels = columnLabels(strings);
    const column = (name: Column): { count: HTMLElement; list: HTMLElement } => {
      const count = h('span', { class: 'dd-board-count' });
      const list = h('ul', { 'aria-label': labels[name] });
      this.element.append(h('section', { class: 'dd-board-column', 'data-column': name }, h('h3', {}, labels[name], ' ', count), list));
      return { count, list };
    };
    this.#lists = { created: column('created'), running: column('running'), paused: column('paused'), stopped: column('stopped') };
    this.#render([]);
  }

  follow(agent: AgentClient, signal: AbortSignal): Promise<void> {
    return followContainers(new EngineClient(agent), signal, { onContainers: (containers) => this.#render(containers) });
  }

  #render(containers: readonly BoardContainer[]): void {
    const before = this.#known;
    this.#known = new Map(containers.map(({ id, column }) => [id, column]));
    for (const name of columns) {
      const here = containers.filter(({ column }) => column === name);
      const { count, list } = this.#lists[name];
      count.textContent = String(here.length);
      list.replaceChildren(...here.map((container) => this.#chip(container, before.size > 0 && before.get(container.id) !== name)));
    }
  }

  #chip({ id, name, image, command, state, exitCode }: BoardContainer, isNew: boolean): HTMLElement {
    return h('li', { class: isNew ? 'dd-chip dd-chip-new' : 'dd-chip', title: `${id.slice(0, 12)}  ${command}` },
      h('strong', { translate: 'no' }, name),
      h('span', { translate: 'no' }, image),
      state !== undefined && h('span', { class: 'dd-chip-state' }, state),
      exitCode !== undefined && h('span', { class: 'dd-chip-state' }, fillTemplate(this.#strings.exitedWith, { code: exitCode })));
  }
}
