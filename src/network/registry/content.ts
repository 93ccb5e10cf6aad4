/** What the registry holds, found by what clients ask with. */
import type { RegistryImage, RegistryIndex, RegistryRepository } from '../../shared/registry.ts';
import type { ByteRange } from '../http/range.ts';

/**
 * The bytes of a blob, or of a range of it, as they arrive; `hex` is the SHA-256 in its digest. What it rejects with
 * breaks the guest's download off, which the engine then tries again.
 */
export type FetchBlob = (hex: string, options: { readonly signal: AbortSignal; readonly range?: ByteRange }) => AsyncIterable<Uint8Array>;

export interface Manifest {
  readonly digest: string;
  readonly bytes: number;
  readonly mediaType: string;
}

export class RegistryContent {
  readonly repositories: readonly RegistryRepository[];
  readonly #byName: ReadonlyMap<string, RegistryRepository>;
  readonly #images: Readonly<Record<string, RegistryImage>>;
  /** Of each repository: its blobs, by digest, with their lengths. */
  readonly #blobs = new Map<string, ReadonlyMap<string, number>>();

  constructor(index: RegistryIndex) {
    this.repositories = index.repositories;
    this.#byName = new Map(index.repositories.map((repository) => [repository.name, repository]));
    this.#images = index.images;
    for (const { name, tags } of index.repositories) {
      const images = Object.values(tags).flatMap((digest) => this.#imageOf(digest));
      this.#blobs.set(name, new Map(images.flatMap(({ config, layers }) => [config, ...layers]).map(({ digest, bytes }) => [digest, bytes])));
    }
  }

  repository(name: string): RegistryRepository | undefined {
    return this.#byName.get(name);
  }

  /** @param reference a tag or a digest */
  manifest(repository: RegistryRepository, reference: string): Manifest | undefined {
    const digest = Object.hasOwn(repository.tags, reference) ? repository.tags[reference] : reference;
    if (digest === undefined || !Object.values(repository.tags).includes(digest)) return undefined;
    const [image] = this.#imageOf(digest);
    return image && { ...image.manifest, mediaType: image.mediaType };
  }

  /** Length of a blob of the repository. */
  blobBytes(repository: RegistryRepository, digest: string): number | undefined {
    return this.#blobs.get(repository.name)?.get(digest);
  }

  /** Length of a blob of any repository. */
  anyBlobBytes(digest: string): number | undefined {
    for (const blobs of this.#blobs.values()) {
      const bytes = blobs.get(digest);
      if (bytes !== undefined) return bytes;
    }
    return undefined;
  }

  #imageOf(digest: string): RegistryImage[] {
    const image = Object.hasOwn(this.#images, digest) ? this.#images[digest] : undefined;
    return image === undefined ? [] : [image];
  }
}
