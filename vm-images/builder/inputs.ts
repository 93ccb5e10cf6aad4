/** Hashes over what a stage is made from, so that a change of anything else does not build it anew. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { deriveAuthority } from '../../src/network/tls/authority.ts';
import { sha256 } from './debian/download.ts';
import { imagesFolder } from './paths.ts';
import { layerGroup, preloadedPart, type ImagesRecipe } from './recipe-images.ts';
import { machineGroups } from './recipe.ts';

/** The machine's files, apart from the packages: the recipe without what only the registry has, the code that reads it, and how the authority is made. */
export async function machineInputHash(images: ImagesRecipe): Promise<string> {
  const preloaded = preloadedPart(images);
  const ordered = Object.entries(preloaded.repositories).map(([name, repository]) => [name, repository.images.map((image) => ({ ...image, tags: undefined }))]);
  return sha256(JSON.stringify([await hashes(await machineFiles(preloaded)), preloaded.layers, ordered, deriveAuthority('').certificate]));
}

/** The registry's files, apart from the packages. */
export async function registryInputHash(): Promise<string> {
  const code = await filesBelow('builder', (path) => isSource(path) && !/^builder\/(boot|emulator|ext4)\//.test(path));
  return sha256(JSON.stringify(await hashes([...code, 'recipe/images.yaml', ...(await filesBelow('recipe/files', () => true))])));
}

/** Groups of the lock that decide what is in the machine. */
export function machineLockGroups(images: ImagesRecipe): string[] {
  return [...machineGroups, ...Object.keys(preloadedPart(images).layers).map(layerGroup)];
}

async function machineFiles(preloaded: ImagesRecipe): Promise<string[]> {
  const layers = Object.values(preloaded.layers).flatMap((layer) => layer.files.flatMap(({ from }) => (from === undefined ? [] : [from])));
  const programs = Object.values(preloaded.repositories).flatMap((repository) => repository.images.flatMap(({ program }) => (program === undefined ? [] : [program.message])));
  const code = await filesBelow('builder', (path) => isSource(path) && !/^builder\/(boot|emulator|registry)\//.test(path));
  const own = await filesBelow('recipe/files', (path) => !path.startsWith('recipe/files/images/'));
  return [...code, 'recipe/machine.yaml', ...own, ...[...layers, ...programs].map((name) => `recipe/files/${name}`)];
}

/** Not the code that decides on no byte of a result: what is said about it, and where it is kept. */
function isSource(path: string): boolean {
  return !/\.test\.ts$|\/(?:cli[^/]*|errors|progress|results|share)\.ts$/.test(path);
}

/** Paths relative to vm-images, with slashes. */
async function filesBelow(folder: string, wanted: (path: string) => boolean): Promise<string[]> {
  const found = await readdir(join(imagesFolder, folder), { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map((entry) => relative(imagesFolder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  return files.filter(wanted);
}

async function hashes(paths: readonly string[]): Promise<string[]> {
  return Promise.all([...new Set(paths)].sort().map(async (path) => `${path} ${sha256(await readFile(join(imagesFolder, path)))}`));
}
