/** Builds the recipe's container images from Debian packages. */
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ArchiveOptions } from '../archives.ts';
import { BuildError } from '../errors.ts';
import { groupPackages } from '../lock.ts';
import { layerChain, layerGroup, type ImageRecipe, type LayerRecipe } from '../recipe.ts';
import { configureTree } from '../tree/configure.ts';
import { unpackFiles, unpackPackages } from '../tree/packages.ts';
import { Tree } from '../tree/tree.ts';
import { busyboxApplets } from './applets.ts';
import { printingProgram } from './elf.ts';
import { createImage, createLayer, imageArchive, type Image, type Layer } from './image.ts';

const stage = 'Building container images';

interface BuiltLayer {
  readonly tree: Tree;
  readonly layers: readonly Layer[];
}

/**
 * Writes `images.tar` for `docker load`, and `images.json` with names and ids.
 *
 * @returns each name with the id of its image (`sha256:...`)
 */
export async function buildImages(options: ArchiveOptions): Promise<{ name: string; id: string }[]> {
  const { recipe, reporter, epoch, folder, files } = options;
  const created = new Date(epoch * 1000).toISOString();
  const built = new Map<string, Promise<BuiltLayer>>();
  const images: Image[] = [];
  const wanted = recipe.images.images;
  for (const [done, image] of wanted.entries()) {
    reporter.progress({ stage, done, total: wanted.length });
    const layers = image.layer === undefined ? [await programLayer(image, files, epoch)] : (await buildLayer(image.layer, options, built)).layers;
    const { names, environment, entrypoint, command, ports, stopSignal, labels } = image;
    images.push(createImage({ names, environment, entrypoint, command, ports, stopSignal, labels }, layers, created));
  }
  const ids = images.flatMap(({ names, id }) => names.map((name) => ({ name, id })));
  await mkdir(folder, { recursive: true });
  await pipeline(Readable.from(imageArchive(images), { objectMode: true }), createWriteStream(join(folder, 'images.tar')));
  await writeFile(join(folder, 'images.json'), JSON.stringify(ids, undefined, 2));
  reporter.progress({ stage, done: wanted.length, total: wanted.length });
  return ids;
}

/** Each layer is built once, however many images stand on it. */
function buildLayer(name: string, options: ArchiveOptions, built: Map<string, Promise<BuiltLayer>>): Promise<BuiltLayer> {
  const known = built.get(name);
  if (known !== undefined) return known;
  const [, layer] = layerChain(options.recipe.images, name).at(-1) ?? [];
  if (layer === undefined) throw new BuildError('recipe-invalid', `There is no layer "${name}".`, 'Declare it in vm-images/recipe/images.yaml.');
  const work = (async (): Promise<BuiltLayer> => {
    const below = layer.base === undefined ? undefined : await buildLayer(layer.base, options, built);
    const tree = new Tree(options.epoch, below?.tree);
    await fillLayer(tree, name, layer, options);
    return { tree, layers: [...(below?.layers ?? []), createLayer(tree.entries(below?.tree), layer.createdBy)] };
  })();
  built.set(name, work);
  return work;
}

async function fillLayer(tree: Tree, name: string, layer: LayerRecipe, { recipe, lock, debs, files }: ArchiveOptions): Promise<void> {
  if (layer.packages.length > 0) {
    const below = new Set(layerChain(recipe.images, name).slice(0, -1).flatMap(([other]) => groupPackages(lock, layerGroup(other)).map((entry) => entry.name)));
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

async function programLayer({ program, names }: ImageRecipe, files: string, mtime: number): Promise<Layer> {
  if (program === undefined) throw new BuildError('recipe-invalid', `The image ${names.join(', ')} has neither a layer nor a program.`, 'Correct vm-images/recipe/images.yaml.');
  const content = printingProgram(await readFile(join(files, program.message)));
  return createLayer([{ kind: 'file', path: program.path.slice(1), mode: 0o755, mtime, content }], `drydock: a program of ${content.length} bytes that prints a text`);
}
