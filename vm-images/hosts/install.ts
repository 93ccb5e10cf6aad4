/**
 * Shows the machine and the hosts to the site: `public/vm` holds `manifest.json` of the machine, `<host>.json` of each host,
 * `starts.json` of the exercises' starts and every part, and nothing of older images.
 */
import { cp, link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { startIndexFile, type StartIndex } from '../../src/shared/starts.ts';

/** A finished image: `manifest.json` and the parts. */
interface Built {
  readonly folder: string;
}

const partFolders = ['boot', 'state', 'memory', 'disk'];

export interface ToInstall {
  readonly machine: Built;
  readonly hosts: readonly (Built & { readonly name: string })[];
  readonly starts: { readonly folder: string; readonly index: StartIndex };
}

export async function installForSite({ machine, hosts, starts }: ToInstall, target: string): Promise<void> {
  const index = JSON.stringify(starts.index);
  const images = [{ ...machine, file: 'manifest.json' }, ...hosts.map((host) => ({ ...host, file: `${host.name}.json` }))];
  const current = await Promise.all(images.map(async ({ file, folder }) => same(join(target, file), join(folder, 'manifest.json'))));
  const shownIndex = await readFile(join(target, startIndexFile), 'utf8').catch(() => undefined);
  if (current.every(Boolean) && shownIndex === index) return;
  const next = `${target}.next`;
  await rm(next, { recursive: true, force: true });
  for (const { folder, file } of images) {
    for (const part of partFolders) await shareNew(join(folder, part), join(next, part));
    await cp(join(folder, 'manifest.json'), join(next, file));
  }
  for (const { state } of Object.values(starts.index.starts)) await share(join(starts.folder, state.part.path), join(next, state.part.path));
  await writeFile(join(next, startIndexFile), index);
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
    if (!known.has(name)) await share(join(from, name), join(to, name));
  }
}

/** A hard link where the file system has them, a copy elsewhere. */
async function share(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await link(from, to).catch(() => cp(from, to));
}
