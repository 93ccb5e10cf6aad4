/** Builds the recipe's layers: each once, however many images stand on it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BuildError } from '../errors.ts';
import type { Store } from '../debian/download.ts';
import { groupPackages, type Lock } from '../lock.ts';
import { layerChain, layerGroup, type ImageRecipe, type ImagesRecipe, type LayerRecipe } from '../recipe-images.ts';
import type { TarEntry } from '../tar.ts';
import { configureTree } from '../tree/configure.ts';
import { unpackFiles, unpackPackages } from '../tree/packages.ts';
import { Tree } from '../tree/tree.ts';
import { busyboxApplets } from './applets.ts';
import { printingProgram } from './elf.ts';
import { createLayer, type Layer } from './image.ts';

export interface LayerOptions {
  readonly images: ImagesRecipe;
  /** As fetched. */
  readonly lock: Lock;
  readonly debs: Store;
  /** Time of what the builder makes itself, in seconds since 1970. */
  readonly epoch: number;
  /** `recipe/files`. */
  readonly files: string;
}

interface BuiltLayer<Kept> {
  readonly tree: Tree;
  readonly layers: readonly Kept[];
}

/** `Kept`: what is left of a layer after it has been built; its archive need not stay in memory. */
export class LayerBuilder<Kept> {
  readonly #options: LayerOptions;
  readonly #keep: (layer: Layer) => Kept | Promise<Kept>;
  readonly #built = new Map<string, Promise<BuiltLayer<Kept>>>();

  constructor(options: LayerOptions, keep: (layer: Layer) => Kept | Promise<Kept>) {
    this.#options = options;
    this.#keep = keep;
  }

  /** The layers of an image from the base up. */
  async layersOf({ layer, program }: ImageRecipe): Promise<readonly Kept[]> {
    if (layer !== undefined) return (await this.#build(layer)).layers;
    if (program === undefined) throw new BuildError('recipe-invalid', 'An image has neither a layer nor a program.', 'Correct vm-images/recipe/images.yaml.');
    const { files, epoch } = this.#options;
    const content = printingProgram(await readFile(join(files, program.message)));
    return [await this.#keep(createLayer([{ kind: 'file', path: program.path.slice(1), mode: 0o755, mtime: epoch, content }], `drydock: a program of ${content.length} bytes that prints a text`))];
  }

  #build(name: string): Promise<BuiltLayer<Kept>> {
    const work = this.#built.get(name) ?? this.#buildNew(name);
    this.#built.set(name, work);
    return work;
  }

  async #buildNew(name: string): Promise<BuiltLayer<Kept>> {
    const { images, epoch } = this.#options;
    const [, layer] = layerChain(images, name).at(-1) ?? [];
    if (layer === undefined) throw new BuildError('recipe-invalid', `There is no layer "${name}".`, 'Declare it in vm-images/recipe/images.yaml.');
    const below = layer.base === undefined ? undefined : await this.#build(layer.base);
    const tree = new Tree(epoch, below?.tree);
    await this.#fill(tree, name, layer);
    const entries: readonly TarEntry[] = tree.entries(below?.tree);
    return { tree, layers: [...(below?.layers ?? []), await this.#keep(createLayer(entries, layer.createdBy))] };
  }

  async #fill(tree: Tree, name: string, layer: LayerRecipe): Promise<void> {
    const { images, lock, debs, files } = this.#options;
    if (layer.packages.length > 0) {
      const below = new Set(layerChain(images, name).slice(0, -1).flatMap(([other]) => groupPackages(lock, layerGroup(other)).map((entry) => entry.name)));
      const packages = groupPackages(lock, layerGroup(name)).filter((entry) => !below.has(entry.name));
      const common = { debs, packages, exclude: layer.exclude };
      if (layer.database) await unpackPackages(tree, { ...common, keep: layer.keep });
      else await unpackFiles(tree, common);
    }
    if (layer.busyboxApplets) {
      const target = '/bin/busybox';
      for (const applet of busyboxApplets(tree.read(target))) {
        if (tree.get(`usr/bin/${applet}`) === undefined) tree.put(`usr/bin/${applet}`, { kind: 'link', target, mode: 0o777, mtime: tree.mtime });
      }
    }
    await configureTree(tree, layer, files);
  }
}
