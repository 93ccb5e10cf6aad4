/**
 * What goes on in the engine, above the terminals: containers by state, images with their layers, events, the requests that clients
 * send, and those that it sends to registries. It follows the engine only while it is shown: each look costs the emulated processor.
 */
import type { AgentClient } from '../../guest/client.ts';
import type { LabContext } from '../context.ts';
import { h, iconButton } from '../dom.ts';
import { AccessList } from './accesses/list.ts';
import { ContainerBoard } from './board.ts';
import { EventList } from './event-list.ts';
import { LazyView } from './lazy-view.ts';
import { RequestList } from './requests/list.ts';
import { engineViewLabels, engineViews as names, type EngineViewName as ViewName } from './views.ts';

/** One tab of the panel. */
export interface EngineView {
  readonly element: HTMLElement;
  /** Follows the engine until the signal aborts; never rejects. */
  follow(agent: AgentClient, signal: AbortSignal): Promise<void>;
}

export class EnginePart {
  readonly element: HTMLElement;
  readonly #context: LabContext;
  readonly #views: Record<ViewName, EngineView>;
  readonly #tabs: Record<ViewName, HTMLButtonElement>;
  readonly #panel = h('div', { class: 'dd-engine-panel', role: 'tabpanel', id: 'engine-panel', tabindex: 0 });
  #name: ViewName = 'containers';
  #shown = false;
  #following: AbortController | undefined;

  /** @param close hides the panel */
  constructor(context: LabContext, close: () => void) {
    const { strings, session } = context;
    this.#context = context;
    this.#views = {
      containers: new ContainerBoard(strings),
      images: new LazyView(context, async () => new (await import('./images/view.ts')).ImageLayersView(context)),
      events: new EventList(strings),
      requests: new RequestList(context),
      registry: new AccessList(context),
    };
    const labels = engineViewLabels(strings);
    const tab = (name: ViewName): HTMLButtonElement => {
      const button = h('button', { type: 'button', role: 'tab', id: `engine-tab-${name}`, 'aria-controls': 'engine-panel', 'data-testid': `engine-${name}` }, labels[name]);
      button.addEventListener('click', () => this.#choose(name));
      button.addEventListener('keydown', (event) => this.#onKey(event));
      return button;
    };
    this.#tabs = { containers: tab('containers'), images: tab('images'), events: tab('events'), requests: tab('requests'), registry: tab('registry') };
    this.element = h('section', { class: 'dd-engine', 'aria-label': strings.engine, 'data-testid': 'engine' },
      h('div', { class: 'dd-engine-head' },
        h('div', { class: 'dd-engine-tabs', role: 'tablist', 'aria-label': strings.engine }, ...names.map((name) => this.#tabs[name])),
        iconButton('close', strings.closeEngine, close)),
      this.#panel);
    this.#choose(this.#name);
    session.onAgent(() => this.#restart());
  }

  /** @param name the tab; without one the tab stays that was shown last */
  show(name = this.#name): void {
    this.#shown = true;
    this.#choose(name);
  }

  hide(): void {
    this.#shown = false;
    this.#restart();
  }

  focus(): void {
    this.#tabs[this.#name].focus();
  }

  #choose(name: ViewName): void {
    this.#name = name;
    for (const other of names) {
      this.#tabs[other].setAttribute('aria-selected', String(other === name));
      this.#tabs[other].tabIndex = other === name ? 0 : -1;
    }
    this.#panel.setAttribute('aria-labelledby', `engine-tab-${name}`);
    this.#panel.replaceChildren(this.#views[name].element);
    this.#restart();
  }

  #onKey(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = names[(names.indexOf(this.#name) + step + names.length) % names.length] ?? this.#name;
    this.#choose(next);
    this.#tabs[next].focus();
  }

  #restart(): void {
    this.#following?.abort();
    this.#following = undefined;
    const { agent } = this.#context.session;
    if (!this.#shown || !agent) return;
    this.#following = new AbortController();
    void this.#views[this.#name].follow(agent, this.#following.signal);
  }
}
