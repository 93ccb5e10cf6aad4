/** Where the builder reads its input and keeps what it made. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';

/** The folder `vm-images`. */
export const imagesFolder = resolve(import.meta.dirname, '..');

/** The checkout's root. */
export const repositoryFolder = resolve(imagesFolder, '..');

export const recipeFolder = join(imagesFolder, 'recipe');
export const keysFolder = join(imagesFolder, 'keys');
export const lockFile = join(imagesFolder, 'lock.json');

/** The cache's root: `DRYDOCK_CACHE`, or `.cache` in the checkout. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = environment.DRYDOCK_CACHE;
  return chosen === undefined || chosen === '' ? join(repositoryFolder, '.cache') : resolve(chosen);
}

/** Writes the whole file or nothing: a temporary sibling is renamed over the target. Creates the folder. */
export async function writeFileAtomically(path: string, data: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, data);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
