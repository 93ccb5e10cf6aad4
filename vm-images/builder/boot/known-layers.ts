/**
 * Tells the engine which layers of the registry it has already.
 *
 * A layer has two names: the digest of its compressed form, under which a registry keeps it, and the digest of what is in
 * it, under which the engine does. The engine learns which belong together when it pulls; images that were loaded bring no
 * digest of a registry with them. Without this a pull of anything that stands on Debian would download and unpack all of
 * Debian again, only to find that it is there: minutes in an emulated machine.
 *
 * The place is where the engine itself writes it: see `distribution/metadata` in its source.
 */
import { digestOf } from '../oci/image.ts';
import { gzipped } from '../registry/blobs.ts';
import type { TarEntry } from '../tar.ts';

const folder = 'var/lib/docker/image/overlay2/distribution/diffid-by-digest/sha256';
const layerPath = /^blobs\/sha256\/([0-9a-f]{64})$/;

/**
 * Files for the machine's root, and the folders above them.
 *
 * @param archive entries of the archive for `docker load`
 * @param present paths of the root that exist already
 */
export async function knownLayers(archive: Iterable<TarEntry>, present: ReadonlySet<string>): Promise<TarEntry[]> {
  const files = new Map([...archive].flatMap((entry) => (entry.kind === 'file' ? [[entry.path, entry.content] as const] : [])));
  const layers = new Set((JSON.parse(Buffer.from(files.get('manifest.json') ?? '[]').toString()) as { Layers: string[] }[]).flatMap(({ Layers }) => Layers));
  const notes = await Promise.all(
    [...layers].map(async (path): Promise<TarEntry> => {
      const [, diff] = layerPath.exec(path) ?? [];
      const content = files.get(path);
      if (diff === undefined || content === undefined) throw new RangeError(`${path} is no layer of the archive`);
      const digest = digestOf(await gzipped(content)).replace('sha256:', '');
      return { kind: 'file', path: `${folder}/${digest}`, mode: 0o644, content: Buffer.from(`sha256:${diff}`) };
    }),
  );
  const parts = folder.split('/');
  const above = parts.map((_, index) => parts.slice(0, index + 1).join('/')).filter((path) => !present.has(path));
  return [...above.map((path): TarEntry => ({ kind: 'directory', path, mode: path === 'var/lib/docker' ? 0o710 : 0o700 })), ...notes];
}
