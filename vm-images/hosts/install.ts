/**
 * Shows the machine and the hosts to the site: `public/vm` holds `manifest.json` of the machine, `<host>.json` of each host
 * and every part, and nothing of older images.
 */
import { cp, link, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A finished image: `manifest.json` and the parts. */
interface Built {
  readonly folder: string;
}

const partFolders = ['boot', 'state', 'memory', 'disk'];

export async function installForSite(machine: Built, hosts: readonly (Built & { readonly name: string })[], target: string): Promise<void> {
  const images = [{ ...machine, file: 'manifest.json' }, ...hosts.map((host) => ({ ...host, file: `${host.name}.json` }))];
  const current = await Promise.all(images.map(async ({ file, folder }) => same(join(target, file), join(folder, 'manifest.json'))));
  if (current.every(Boolean)) return;
  const next = `${target}.next`;
  await rm(next, { recursive: true, force: true });
  for (const { folder, file } of images) {
    for (const part of partFolders) await shareNew(join(folder, part), join(next, part));
    await cp(join(folder, 'manifest.json'), join(next, file));
  }
  await mkdir(dirname(target), { recursive: true });
  await rm(target, { recursive: true, force: true });
  await rename(next, target);
}

async function same(shown: string, made: string): Promise<boolean> {
  const [one, other] = await Promise.all([shown, made].map((path) => readFile(path).catch(() => undefined)));
  return one !== undefined && other !== undefined && one.equals(other);
}

/** As `shareFolder`, for parts that another image may have put there already: a name stands for one content. */
async function shareNew(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const known = new Set(await readdir(to));
  for (const name of await readdir(from)) {
    if (!known.has(name)) await link(join(from, name), join(to, name)).catch(() => cp(join(from, name), join(to, name)));
  }
}
