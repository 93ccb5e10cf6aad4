/** A tab whose code comes when it is first chosen: what a page loads before the engine starts has a budget. */
import type { AgentClient } from '../../guest/client.ts';
import type { LabContext } from '../context.ts';
import { h } from '../dom.ts';
import { errorText } from './error-text.ts';
import type { EngineView } from './part.ts';

export class LazyView implements EngineView {
  readonly element = h('div', {});
  readonly #context: LabContext;
  readonly #load: () => Promise<EngineView>;
  #view: EngineView | undefined;

  constructor(context: LabContext, load: () => Promise<EngineView>) {
    this.#context = context;
    this.#load = load;
  }

  async follow(agent: AgentClient, signal: AbortSignal): Promise<void> {
    try {
      this.#view ??= await this.#load();
      if (this.#view.element.parentElement !== this.element) this.element.replaceChildren(this.#view.element);
    } catch (error) {
      // Most likely the site was updated while this page was open. Choosing the tab again tries again.
      this.element.replaceChildren(h('p', { class: 'dd-engine-note', role: 'alert' }, ...errorText(error, this.#context)));
      return;
    }
    if (!signal.aborted) await this.#view.follow(agent, signal);
  }
}
