/** The published disk as one file, as QEMU wants it: sparse, kept in the cache until there is another image. */
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import type { ImageManifest } from '../../../src/shared/manifest.ts';
import { cacheFolder } from '../../../vm-images/builder/paths.ts';

const sectorBytes = 512;

const decompress = promisify(zstdDecompress);

/**
 * Path of the disk of `image`, with the file `appendix` behind it, where no file system looks.
 *
 * @param parts folder that holds the manifest
 */
export async function rawDisk({ id, disk }: ImageManifest, parts: string, appendix: string): Promise<string> {
  const folder = join(cacheFolder(), 'bench');
  const target = join(folder, `${id}-${basename(appendix, '.tar')}.img`);
  if ((await stat(target).catch(() => undefined)) !== undefined) return target;
  await mkdir(folder, { recursive: true });
  for (const old of await readdir(folder)) if (old.includes('.img')) await rm(join(folder, old));
  const building = `${target}.building`;
  const file = await open(building, 'w');
  try {
    const added = await readFile(appendix);
    // Devices consist of whole sectors.
    await file.truncate(disk.bytes + Math.ceil(added.length / sectorBytes) * sectorBytes);
    await file.write(added, 0, undefined, disk.bytes);
    for (const [index, part] of disk.chunks.entries()) {
      if (part === null) continue;
      await file.write(await decompress(await readFile(join(parts, part.path))), 0, undefined, index * disk.chunkBytes);
    }
  } finally {
    await file.close();
  }
  await rename(building, target);
  return target;
}
