/** Shows the registry to the site: `public/registry` holds the index and the blobs, and nothing of an older one. */
import { cp, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { shareFolder } from '../share.ts';

export async function installRegistry(folder: string, target: string): Promise<void> {
  const index = await readFile(join(folder, 'index.json'));
  const current = await readFile(join(target, 'index.json')).catch(() => undefined);
  if (current?.equals(index) === true) return;
  const next = `${target}.next`;
  await rm(next, { recursive: true, force: true });
  await mkdir(dirname(target), { recursive: true });
  await shareFolder(join(folder, 'blobs'), join(next, 'blobs'));
  await cp(join(folder, 'index.json'), join(next, 'index.json'));
  await rm(target, { recursive: true, force: true });
  await rename(next, target);
}
