import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { installForSite } from './install.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drydock-install-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** An image of which only the files matter. */
async function image(name: string, parts: Record<string, string>): Promise<{ folder: string; name: string }> {
  const at = join(folder, name);
  for (const part of ['boot', 'state', 'memory', 'disk']) await mkdir(join(at, part), { recursive: true });
  for (const [path, content] of Object.entries(parts)) await writeFile(join(at, path), content);
  await writeFile(join(at, 'manifest.json'), JSON.stringify({ id: name, parts }));
  return { folder: at, name };
}

it('shows every image once, parts that they share once, and nothing of older ones', async () => {
  const target = join(folder, 'vm');
  const machine = await image('machine', { 'disk/a': 'shared', 'state/m': '1' });
  await installForSite(machine, [await image('debian', { 'disk/a': 'shared', 'disk/d': '2' })], target);
  expect((await readdir(target)).sort()).toEqual(['boot', 'debian.json', 'disk', 'manifest.json', 'memory', 'state']);
  expect((await readdir(join(target, 'disk'))).sort()).toEqual(['a', 'd']);
  expect(JSON.parse(await readFile(join(target, 'debian.json'), 'utf8'))).toMatchObject({ id: 'debian' });

  await rm(join(folder, 'debian'), { recursive: true });
  await installForSite(machine, [await image('debian', { 'disk/a': 'shared', 'disk/e': '3' })], target);
  expect((await readdir(join(target, 'disk'))).sort()).toEqual(['a', 'e']);
  expect(await readFile(join(target, 'disk/a'), 'utf8')).toBe('shared');
});
