/** Images of the published registry as `docker load` takes them, for tests. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RegistryImage, RegistryIndex } from '../../src/shared/registry.ts';
import { writeTar } from '../../vm-images/builder/tar.ts';
import { registryFolder } from './registry.ts';

export function readBlob(digest: string): Promise<Buffer> {
  return readFile(join(registryFolder, 'blobs', digest.replace('sha256:', '')));
}

/** The image of a name such as `redis:8`. */
export function imageOf(index: RegistryIndex, name: string): RegistryImage {
  const [repository, tag = 'latest'] = name.split(':');
  const found = index.repositories.find((one) => one.name === `library/${repository}`);
  const image = index.images[found?.tags[tag] ?? ''];
  if (image === undefined) throw new Error(`the registry has no ${name}`);
  return image;
}

/**
 * An image as an archive for `docker load`.
 *
 * @param known digests of layers that the engine has already and does not look for again
 */
export async function dockerArchive(index: RegistryIndex, name: string, known: ReadonlySet<string> = new Set()): Promise<Uint8Array> {
  const { config, layers } = imageOf(index, name);
  const path = (digest: string): string => digest.replace('sha256:', '');
  const wanted = [config, ...layers.filter(({ digest }) => !known.has(digest))];
  const files = await Promise.all(wanted.map(async ({ digest }) => ({ kind: 'file' as const, path: path(digest), content: await readBlob(digest) })));
  const manifest = [{ Config: path(config.digest), RepoTags: [name], Layers: layers.map(({ digest }) => path(digest)) }];
  return writeTar([...files, { kind: 'file', path: 'manifest.json', content: Buffer.from(JSON.stringify(manifest)) }]);
}
