/** Builds the container images that are in the machine from the start. */
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ArchiveOptions } from '../archives.ts';
import { preloadedPart } from '../recipe-images.ts';
import { createImage, imageArchive, type Image, type Layer } from './image.ts';
import { LayerBuilder } from './layers.ts';
import { planImages } from './plan.ts';

const stage = 'Building container images';

/**
 * Writes `images.tar` for `docker load`, and `images.json` with names and ids.
 *
 * @returns each name with the id of its image (`sha256:...`)
 */
export async function buildImages(options: ArchiveOptions): Promise<{ name: string; id: string }[]> {
  const { recipe, lock, debs, reporter, epoch, folder, files } = options;
  const created = new Date(epoch * 1000).toISOString();
  const wanted = preloadedPart(recipe.images);
  const builder = new LayerBuilder<Layer>({ images: wanted, lock, debs, epoch, files }, (layer) => layer);
  const images: Image[] = [];
  const planned = planImages(wanted, lock);
  for (const [done, image] of planned.entries()) {
    reporter.progress({ stage, done, total: planned.length });
    const names = image.preload.map((tag) => `${image.repository}:${tag}`);
    images.push({ names, ...createImage(image.settings, await builder.layersOf(image.recipe), created) });
  }
  const ids = images.flatMap(({ names, id }) => names.map((name) => ({ name, id })));
  await mkdir(folder, { recursive: true });
  await pipeline(Readable.from(imageArchive(images), { objectMode: true }), createWriteStream(join(folder, 'images.tar')));
  await writeFile(join(folder, 'images.json'), JSON.stringify(ids, undefined, 2));
  reporter.progress({ stage, done: planned.length, total: planned.length });
  return ids;
}
