/** What a container has on top of its image: a layer of its own. What is in it costs the engine a look, so it is asked for on demand. */
import type { ContainerChanges } from '../../../guest/engine/schemas.ts';
import { fillTemplate } from '../../../shared/locale.ts';
import type { LabContext } from '../../context.ts';
import { allow, h, textButton } from '../../dom.ts';
import { type BoardContainer, columnLabels } from '../board-model.ts';
import { errorText } from '../error-text.ts';
import { changesOf } from './images-model.ts';

/** Of each kind: enough to see what happened; `docker diff` has them all. */
const mostPaths = 8;

export class WritableLayer {
  readonly element: HTMLElement;
  readonly #context: LabContext;
  readonly #title = h('h4', {});
  readonly #state = h('span', { class: 'dd-layer-size' });
  readonly #button: HTMLButtonElement;
  readonly #said = h('p', { class: 'dd-engine-note', role: 'status' });
  readonly #paths = h('ul', { class: 'dd-changes' });

  /** @param ask what the container changed; null when it is gone, undefined when the engine is not followed any more */
  constructor(id: string, context: LabContext, ask: () => Promise<ContainerChanges | null | undefined>) {
    this.#context = context;
    this.#title.id = `writable-${id}`;
    this.#button = textButton(context.strings.showChanges, () => void this.#show(ask), { 'aria-describedby': this.#title.id });
    this.element = h('li', { class: 'dd-layer', 'data-testid': 'writable-layer' }, this.#title, this.#state, this.#button, this.#said, this.#paths);
  }

  update({ name, column }: BoardContainer): void {
    const { strings } = this.#context;
    this.#title.textContent = fillTemplate(strings.writableLayerOf, { name });
    this.#state.textContent = columnLabels(strings)[column];
  }

  async #show(ask: () => Promise<ContainerChanges | null | undefined>): Promise<void> {
    const { strings } = this.#context;
    allow(this.#button, false);
    this.#said.textContent = strings.changesReading;
    try {
      const list = await ask();
      if (list === undefined) {
        this.#said.textContent = '';
        return;
      }
      const { counts, shown, more } = changesOf(list ?? [], mostPaths);
      this.#said.textContent = list === null ? strings.containerGone : list.length === 0 ? strings.changesNone : fillTemplate(strings.changesSum, { added: counts.A, changed: counts.C, deleted: counts.D });
      this.#paths.replaceChildren(
        ...shown.map(({ letter, path }) => h('li', { 'data-change': letter, translate: 'no' }, h('strong', {}, letter), ' ', h('code', {}, path))),
        ...(more > 0 ? [h('li', {}, fillTemplate(strings.changesMore, { count: more }))] : []));
      this.#button.textContent = strings.showChangesAgain;
    } catch (error) {
      this.#said.replaceChildren(...errorText(error, this.#context));
      this.#paths.replaceChildren();
    } finally {
      allow(this.#button, true);
    }
  }
}
