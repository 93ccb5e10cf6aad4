/** What the registry's page shows: repositories with their images, and which layers those have in common. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Localized } from '../../shared/locale.ts';
import { registryIndexSchema, type RegistryIndex } from '../../shared/registry.ts';

export interface LayerView {
  readonly digest: string;
  /** Twelve digits, as `docker pull` shows them. */
  readonly short: string;
  readonly createdBy: string;
  /** To download. */
  readonly bytes: number;
  readonly unpackedBytes: number;
  /** How many images have it. */
  readonly images: number;
  /** Repositories that have it, without their namespace. */
  readonly repositories: readonly string[];
}

export interface ImageView {
  readonly digest: string;
  /** `latest` first. */
  readonly tags: readonly string[];
  readonly bytes: number;
  readonly unpackedBytes: number;
  /** From the base up. */
  readonly layers: readonly LayerView[];
}

export interface RepositoryView {
  /** As in `docker pull`, without the namespace `library`. */
  readonly name: string;
  readonly description: Localized;
  readonly images: readonly ImageView[];
}

export interface RegistryView {
  readonly repositories: readonly RepositoryView[];
  /** Layers that more than one image has, those of most images first. */
  readonly shared: readonly LayerView[];
  readonly images: number;
  /** Every layer once. */
  readonly bytes: number;
  /** Every image by itself, as if there were nothing to share. */
  readonly unsharedBytes: number;
}

/** @throws Error when the registry has not been built */
export async function readRegistryView(): Promise<RegistryView> {
  const path = join(process.cwd(), 'public/registry/index.json');
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new Error('The registry has not been built, so its page cannot be. Run `npm run vm:build`, then the same command again.', { cause: error });
  });
  return registryView(registryIndexSchema.parse(JSON.parse(text)));
}

export function registryView(index: RegistryIndex): RegistryView {
  const layers = layerViews(index);
  const repositories = index.repositories.map(({ name, description, tags }): RepositoryView => {
    const digests = Object.keys(index.images).filter((digest) => Object.values(tags).includes(digest));
    const images = digests.map((digest) => {
      const own = (index.images[digest]?.layers ?? []).flatMap((layer) => layers.get(layer.digest) ?? []);
      return { digest, tags: tagsOf(tags, digest), layers: own, bytes: sum(own, 'bytes'), unpackedBytes: sum(own, 'unpackedBytes') };
    });
    return { name: withoutNamespace(name), description, images };
  });
  const all = [...layers.values()];
  return {
    repositories,
    shared: all.filter(({ images }) => images > 1).toSorted((a, b) => b.images - a.images),
    images: Object.keys(index.images).length,
    bytes: sum(all, 'bytes'),
    unsharedBytes: all.reduce((total, { bytes, images }) => total + bytes * images, 0),
  };
}

function layerViews({ repositories, images }: RegistryIndex): Map<string, LayerView> {
  const views = new Map<string, LayerView>();
  for (const [digest, image] of Object.entries(images)) {
    const names = repositories.filter(({ tags }) => Object.values(tags).includes(digest)).map(({ name }) => withoutNamespace(name));
    for (const layer of image.layers) {
      const before = views.get(layer.digest);
      views.set(layer.digest, {
        ...layer,
        short: layer.digest.replace('sha256:', '').slice(0, 12),
        images: (before?.images ?? 0) + 1,
        repositories: [...new Set([...(before?.repositories ?? []), ...names])],
      });
    }
  }
  return views;
}

/** Those that mean the image: `latest`, then names before longer ones that begin with them. */
function tagsOf(tags: Readonly<Record<string, string>>, digest: string): string[] {
  const mine = Object.keys(tags).filter((tag) => tags[tag] === digest);
  return mine.toSorted((a, b) => Number(b === 'latest') - Number(a === 'latest') || a.localeCompare(b, 'en', { numeric: true }));
}

function withoutNamespace(name: string): string {
  return name.replace(/^library\//, '');
}

function sum<Key extends 'bytes' | 'unpackedBytes'>(layers: readonly Readonly<Record<Key, number>>[], key: Key): number {
  return layers.reduce((total, layer) => total + layer[key], 0);
}
