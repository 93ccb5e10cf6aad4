/**
 * The engine's images and the layers of the chosen one, always as they are now: which layers images share, and what a container
 * has on top. It looks again when an event says that something changed, never by itself.
 */
import type { AgentClient } from '../../../guest/client.ts';
import { EngineClient } from '../../../guest/engine/client.ts';
import type { ContainerSummary, ImageHistory, ImageSummary } from '../../../guest/engine/schemas.ts';
import type { LabContext } from '../../context.ts';
import { h } from '../../dom.ts';
import { codeText } from '../../tasks/code-nodes.ts';
import { boardContainers } from '../board-model.ts';
import { errorText } from '../error-text.ts';
import { lookAfterEvents } from '../look-after-events.ts';
import type { EngineView } from '../part.ts';
import { ImageList } from './image-list.ts';
import { changedBy, imageRows, nameOf } from './images-model.ts';
import { setChildren } from './keep-focus.ts';
import { LayerList } from './layer-list.ts';
import { layersOf } from './layers-model.ts';
import { WritableLayer } from './writable-layer.ts';

/** The engine while it is followed. */
interface Source {
  engine: EngineClient;
  /** On a connection of its own: to compare a container with its image may take long, and nothing else is to wait for it. */
  comparing: EngineClient;
  signal: AbortSignal;
}

export class ImageLayersView implements EngineView {
  readonly element: HTMLElement;
  readonly #context: LabContext;
  readonly #status = h('p', { class: 'dd-engine-note', role: 'status', 'data-testid': 'images-status' });
  readonly #list: ImageList;
  readonly #title = h('h3', { translate: 'no' });
  readonly #writable = h('ul', { class: 'dd-layers dd-writable' });
  readonly #writableLayers = new Map<string, WritableLayer>();
  readonly #layers: LayerList;
  readonly #body: HTMLElement;
  #source: Source | undefined;
  #images: readonly ImageSummary[] = [];
  #containers: readonly ContainerSummary[] = [];
  #imagesChanged = true;
  /** By image id, which is a digest: what it stands for never changes, so each is asked for once. */
  readonly #digests = new Map<string, readonly string[]>();
  readonly #histories = new Map<string, ImageHistory>();
  #chosen: string | undefined;

  constructor(context: LabContext) {
    const { strings } = context;
    this.#context = context;
    this.#list = new ImageList(strings, (id) => void this.#choose(id));
    this.#layers = new LayerList(context);
    this.#body = h('div', { class: 'dd-images-body', hidden: true }, this.#list.element, h('section', { 'aria-label': strings.imageLayers }, this.#title, this.#layers.summary, this.#writable, this.#layers.element));
    this.element = h('div', { class: 'dd-images' }, this.#status, this.#body);
  }

  async follow(agent: AgentClient, signal: AbortSignal): Promise<void> {
    const source = { engine: new EngineClient(agent), comparing: new EngineClient(agent), signal };
    this.#source = source;
    this.#status.textContent = this.#images.length === 0 ? this.#context.strings.imagesReading : '';
    await lookAfterEvents(source.engine, signal, {
      isNews: (item) => {
        if (item.kind === 'lost') {
          this.#fail(item.error);
          return false;
        }
        const changed = item.kind === 'connected' ? 'images' : changedBy(item.event);
        this.#imagesChanged ||= changed === 'images';
        return changed !== undefined;
      },
      look: () => this.#look(source),
    });
  }

  async #look(source: Source): Promise<void> {
    const { engine, signal } = source;
    const alsoImages = this.#imagesChanged;
    this.#imagesChanged = false;
    try {
      const images = alsoImages ? await engine.images({ signal }) : undefined;
      this.#containers = await engine.containers(true, { signal });
      this.#images = images ?? this.#images;
      for (const { Id } of this.#images) {
        if (this.#digests.has(Id)) continue;
        const image = await engine.inspectImage(Id, { signal });
        if (image !== null) this.#digests.set(Id, image.RootFS.Layers);
      }
      await this.#show(source);
    } catch (error) {
      this.#imagesChanged = true;
      if (!signal.aborted) this.#fail(error);
    }
  }

  async #choose(id: string): Promise<void> {
    this.#chosen = id;
    const source = this.#source;
    if (source === undefined) return;
    try {
      await this.#show(source);
    } catch (error) {
      if (!source.signal.aborted) this.#fail(error);
    }
  }

  /** Shows what is known; only the steps of an image that was not looked at before are asked for. */
  async #show({ engine, signal }: Source): Promise<void> {
    const rows = imageRows(this.#images, this.#containers);
    const chosen = rows.find(({ id }) => id === this.#chosen) ?? rows[0];
    this.#chosen = chosen?.id;
    this.#list.render(rows, chosen?.id);
    this.#body.hidden = chosen === undefined;
    this.#status.replaceChildren(...(chosen === undefined ? codeText(this.#context.strings.noImages) : []));
    if (chosen === undefined) return;
    this.#title.textContent = chosen.names.join('  ');
    this.#showWritable(chosen.id);
    if (!this.#histories.has(chosen.id)) this.#layers.wait();
    const history = this.#histories.get(chosen.id) ?? (await engine.imageHistory(chosen.id, { signal }));
    // Another one was chosen meanwhile, or this one was removed, of which an event will tell.
    if (signal.aborted || history === null || this.#chosen !== chosen.id) return;
    this.#histories.set(chosen.id, history);
    const layered = rows.flatMap((row) => {
      const layers = this.#digests.get(row.id);
      return layers === undefined ? [] : [{ id: row.id, name: nameOf(row), size: row.size, layers }];
    });
    const image = layered.find(({ id }) => id === chosen.id);
    if (image === undefined) return;
    this.#layers.render(image.name, layersOf(image, history, layered));
  }

  #showWritable(imageId: string): void {
    const ids = new Set(this.#containers.map(({ Id }) => Id));
    for (const id of this.#writableLayers.keys()) if (!ids.has(id)) this.#writableLayers.delete(id);
    const shown = boardContainers(this.#containers.filter(({ ImageID }) => ImageID === imageId)).map((container) => {
      const layer = this.#writableLayers.get(container.id) ?? this.#makeWritable(container.id);
      layer.update(container);
      return layer.element;
    });
    this.#writable.hidden = shown.length === 0;
    setChildren(this.#writable, shown, () => this.#list.focusable());
  }

  #makeWritable(id: string): WritableLayer {
    const layer = new WritableLayer(id, this.#context, async () => {
      if (this.#source === undefined) return undefined;
      const { comparing, signal } = this.#source;
      try {
        return await comparing.containerChanges(id, { signal });
      } catch (error) {
        if (signal.aborted) return undefined;
        throw error;
      }
    });
    this.#writableLayers.set(id, layer);
    return layer;
  }

  /** What was known may be wrong by now; the engine's return brings another look. */
  #fail(error: unknown): void {
    this.#body.hidden = true;
    this.#status.replaceChildren(...errorText(error, this.#context));
  }
}
