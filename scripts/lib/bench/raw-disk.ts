/** The published disk as one file, as QEMU wants it: sparse, kept in the cache until there is another image. */
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import type { ImageManifest } from '../../../src/shared/manifest.ts';
import { cacheFolder } from '../../../vm-images/builder/paths.ts';

const decompress = promisify(zstdDecompress);

/** Path of the disk of `image`. @param parts folder that holds the manifest */
export async function rawDisk({ id, disk }: ImageManifest, parts: string): Promise<string> {
  const folder = join(cacheFolder(), 'bench');
  const name = `${id}.img`;
  const target = join(folder, name);
  if ((await stat(target).catch(() => undefined))?.size === disk.bytes) return target;
  await mkdir(folder, { recursive: true });
  for (const old of await readdir(folder)) await rm(join(folder, old));
  const building = `${target}.building`;
  const file = await open(building, 'w');
  try {
    await file.truncate(disk.bytes);
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
