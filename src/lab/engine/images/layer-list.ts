/** The layers of one image, the topmost first: what made each, how much it holds, and who else has it. */
import { fillTemplate } from '../../../shared/locale.ts';
import type { LabContext } from '../../context.ts';
import { h } from '../../dom.ts';
import { formatBytes } from '../../machine/progress.ts';
import type { Locale, Strings } from '../../page-data.ts';
import type { ImageLayers, Layer } from './layers-model.ts';

export class LayerList {
  readonly summary = h('p', { class: 'dd-engine-note', role: 'status', 'data-testid': 'layers-summary' });
  readonly element = h('ol', { class: 'dd-layers', 'data-testid': 'layers' });
  readonly #strings: Strings;
  readonly #locale: Locale;
  /** What is shown: events that change nothing here must not move what somebody reads. */
  #shown = '';

  constructor({ strings, locale }: LabContext) {
    this.#strings = strings;
    this.#locale = locale;
  }

  render(name: string, image: ImageLayers): void {
    const state = JSON.stringify([name, image]);
    if (state === this.#shown) return;
    this.#shown = state;
    this.element.setAttribute('aria-label', fillTemplate(this.#strings.layersOf, { name }));
    this.summary.textContent = this.#summary(image);
    const largest = Math.max(...image.layers.map(({ size }) => size ?? 0), 1);
    this.element.replaceChildren(...image.layers.map((layer) => (layer.digest === undefined ? this.#metadata(layer) : this.#layer(layer, largest))));
  }

  /** The image is another one by now, and its steps are on their way. */
  wait(): void {
    this.#shown = '';
    this.summary.textContent = this.#strings.layersReading;
    this.element.replaceChildren();
  }

  #summary({ count, shared, ownBytes, guessed }: ImageLayers): string {
    const { layersSum, layersShared, layersOwn, layersGuessed } = this.#strings;
    const sum = fillTemplate(layersSum, { count, size: formatBytes(shared.bytes + ownBytes) });
    const sharing = shared.count === 0 ? layersOwn : fillTemplate(layersShared, { count: shared.count, size: formatBytes(shared.bytes), own: formatBytes(ownBytes) });
    return [sum, sharing, ...(guessed ? [layersGuessed] : [])].join(this.#locale === 'zh-cn' ? '' : ' ');
  }

  #layer(layer: Layer, largest: number): HTMLElement {
    const { size, sharedWith, copiedIn, digest = '' } = layer;
    const { layerShared, layerCopied, layerSizeUnknown } = this.#strings;
    const bar = h('span', { class: 'dd-layer-bar', 'aria-hidden': true }, h('span', {}));
    bar.style.setProperty('--dd-layer-share', String((size ?? 0) / largest));
    return h('li', { class: 'dd-layer', 'data-shared': sharedWith.length > 0, title: digest },
      this.#step(layer),
      h('span', { class: 'dd-layer-size' }, size === undefined ? layerSizeUnknown : formatBytes(size)),
      bar,
      sharedWith.length > 0 && h('span', { class: 'dd-layer-shared' }, fillTemplate(layerShared, { names: this.#names(sharedWith) })),
      copiedIn.length > 0 && h('span', { class: 'dd-layer-copied' }, fillTemplate(layerCopied, { names: this.#names(copiedIn) })));
  }

  #metadata(layer: Layer): HTMLElement {
    return h('li', { class: 'dd-layer dd-layer-none' }, this.#step(layer), h('span', { class: 'dd-layer-size' }, this.#strings.layerMetadata));
  }

  #step({ instruction, comment }: Layer): HTMLElement {
    const text = instruction === undefined ? comment === '' && h('span', {}, this.#strings.layerUnrecorded) : h('code', { translate: 'no' }, instruction.keyword !== undefined && h('strong', {}, instruction.keyword), instruction.keyword === undefined ? instruction.text : ` ${instruction.text}`);
    return h('span', { class: 'dd-layer-step' }, text, comment !== '' && h('span', { class: 'dd-layer-comment' }, comment));
  }

  #names(names: readonly string[]): string {
    return names.join(this.#locale === 'zh-cn' ? '、' : ', ');
  }
}
