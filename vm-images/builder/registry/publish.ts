/** Publishes every image of the recipe as a registry has it: blobs, and the index of `src/shared/registry.ts`. */
import { join } from 'node:path';
import { registryIndexSchema, type RegistryImage, type RegistryIndex } from '../../../src/shared/registry.ts';
import { createImage } from '../oci/image.ts';
import { LayerBuilder, type LayerOptions } from '../oci/layers.ts';
import { planImages, type PlannedImage } from '../oci/plan.ts';
import { writeFileAtomically } from '../paths.ts';
import type { Reporter } from '../progress.ts';
import { gzipped, writeBlob, type Descriptor } from './blobs.ts';

const stage = 'Publishing the registry';

/** Images built at the same time: while one is compressed in another thread, the next is unpacked in this one. */
const parallel = 3;

/** What the engine itself uses when it pushes; every engine and tool takes it. */
const mediaTypes = {
  manifest: 'application/vnd.docker.distribution.manifest.v2+json',
  config: 'application/vnd.docker.container.image.v1+json',
  layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
} as const;

interface PublishedLayer extends Descriptor {
  readonly diffId: string;
  readonly createdBy: string;
  readonly unpackedBytes: number;
}

/** @param folder gets `blobs` and `index.json` */
export async function publishRegistry(folder: string, options: LayerOptions, reporter: Reporter): Promise<RegistryIndex> {
  const created = new Date(options.epoch * 1000).toISOString();
  const blobs = join(folder, 'blobs');
  const builder = new LayerBuilder<PublishedLayer>(options, async ({ archive, diffId, createdBy }) => ({
    ...(await writeBlob(blobs, await gzipped(archive))),
    diffId,
    createdBy,
    unpackedBytes: archive.length,
  }));
  const planned = planImages(options.images, options.lock);
  const images = new Map<PlannedImage, RegistryImage>();
  const waiting = [...planned];
  const worker = async (): Promise<void> => {
    for (let image = waiting.shift(); image !== undefined; image = waiting.shift()) {
      reporter.progress({ stage, step: `${image.repository}:${image.tags[0]}`, done: images.size, total: planned.length });
      const { config, layers } = createImage(image.settings, await builder.layersOf(image.recipe), created);
      images.set(image, await publishImage(blobs, config, layers, created));
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  reporter.progress({ stage, done: planned.length, total: planned.length });
  const index = indexOf(options, planned, images);
  await writeFileAtomically(join(folder, 'index.json'), JSON.stringify(index));
  return index;
}

async function publishImage(blobs: string, config: Uint8Array, layers: readonly PublishedLayer[], created: string): Promise<RegistryImage> {
  const about = await writeBlob(blobs, config);
  const reference = (mediaType: string, { digest, bytes }: Descriptor): Record<string, unknown> => ({ mediaType, size: bytes, digest });
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: reference(mediaTypes.config, about),
    layers: layers.map((layer) => reference(mediaTypes.layer, layer)),
  };
  return {
    manifest: await writeBlob(blobs, Buffer.from(JSON.stringify(manifest))),
    mediaType: mediaTypes.manifest,
    config: about,
    layers: layers.map(({ digest, bytes, createdBy, unpackedBytes }) => ({ digest, bytes, createdBy, unpackedBytes })),
    created,
  };
}

/** In the order of the recipe, so that it does not depend on what was finished first. */
function indexOf({ images: recipe }: LayerOptions, planned: readonly PlannedImage[], images: ReadonlyMap<PlannedImage, RegistryImage>): RegistryIndex {
  const done = planned.flatMap((plan) => {
    const image = images.get(plan);
    return image === undefined ? [] : [{ plan, image }];
  });
  return registryIndexSchema.parse({
    schema: 1,
    repositories: Object.entries(recipe.repositories).map(([name, { description, official, stars }]) => ({
      name: `library/${name}`,
      description,
      official,
      stars,
      tags: Object.fromEntries(done.filter(({ plan }) => plan.repository === name).flatMap(({ plan, image }) => plan.tags.map((tag) => [tag, image.manifest.digest]))),
    })),
    images: Object.fromEntries(done.map(({ image }) => [image.manifest.digest, image])),
  } satisfies RegistryIndex);
}
