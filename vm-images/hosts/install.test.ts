import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { StartIndex } from '../../src/shared/starts.ts';
import { installForSite } from './install.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drydock-install-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Starts of which only the file matters. */
async function made(content: string): Promise<{ folder: string; index: StartIndex }> {
  const at = join(folder, 'made');
  await mkdir(join(at, 'starts'), { recursive: true });
  await writeFile(join(at, 'starts', content), content);
  const state = { imageId: 'machine', bytes: 1, part: { path: `starts/${content}`, bytes: content.length, sha256: '0'.repeat(64) } };
  return { folder: at, index: { schema: 1, starts: { lesson: { of: content, state } } } };
}

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
  const starts = await made('one');
  await installForSite({ machine, hosts: [await image('debian', { 'disk/a': 'shared', 'disk/d': '2' })], starts }, target);
  expect((await readdir(target)).sort()).toEqual(['boot', 'debian.json', 'disk', 'manifest.json', 'memory', 'starts', 'starts.json', 'state']);
  expect((await readdir(join(target, 'disk'))).sort()).toEqual(['a', 'd']);
  expect(JSON.parse(await readFile(join(target, 'debian.json'), 'utf8'))).toMatchObject({ id: 'debian' });

  await rm(join(folder, 'debian'), { recursive: true });
  await installForSite({ machine, hosts: [await image('debian', { 'disk/a': 'shared', 'disk/e': '3' })], starts }, target);
  expect((await readdir(join(target, 'disk'))).sort()).toEqual(['a', 'e']);
  expect(await readFile(join(target, 'disk/a'), 'utf8')).toBe('shared');

  await installForSite({ machine, hosts: [], starts: await made('two') }, target);
  expect(await readdir(join(target, 'starts'))).toEqual(['two']);
  expect(JSON.parse(await readFile(join(target, 'starts.json'), 'utf8'))).toMatchObject({ starts: { lesson: { of: 'two' } } });
});
