import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDownloader, sha256, Store } from './debian/download.ts';
import type { Archives } from './debian/open.ts';
import { PackageIndex } from './debian/packages.ts';
import { fetchPackages, readPackage } from './fetch.ts';
import type { Lock, LockedPackage } from './lock.ts';
import { recipeFolder } from './paths.ts';
import { readRecipe, type Recipe } from './recipe.ts';

function locked(name: string, version: string, data: string): LockedPackage {
  return { name, version, architecture: 'i386', suite: 'trixie', filename: `pool/${name}_${version}.deb`, size: data.length, sha256: sha256(data) };
}

function indexed({ name, version, filename, size, sha256: hash }: LockedPackage, fields = ''): string {
  return `Package: ${name}\nVersion: ${version}\nArchitecture: i386\nFilename: ${filename}\nSize: ${size}\nSHA256: ${hash}${fields}`;
}

const old = locked('tree', '1', 'old tree');
const newer = locked('tree', '2', 'new tree');
const library = locked('libc6', '2.41', 'library');

describe('fetchPackages', () => {
  let folder = '';
  let recipe: Recipe;
  let onMirror: Map<string, string>;
  const fetcher = vi.fn(async (url: URL) => {
    const body = onMirror.get(url.pathname.slice('/debian/'.length));
    return body === undefined ? new Response('', { status: 404 }) : new Response(body);
  });
  const warn = vi.fn();
  const reporter = { progress: vi.fn(), warn };

  beforeAll(async () => {
    recipe = await readRecipe(recipeFolder);
  });
  beforeEach(async () => {
    vi.clearAllMocks();
    folder = await mkdtemp(join(tmpdir(), 'fetch-'));
    onMirror = new Map([
      [old.filename, 'old tree'],
      [newer.filename, 'new tree'],
      [library.filename, 'library'],
    ]);
  });
  afterEach(() => rm(folder, { recursive: true, maxRetries: 5 }));

  const lockOf = (...entries: LockedPackage[]): Lock => ({
    schema: 1,
    recipe: '0'.repeat(64),
    date: '2026-01-01T00:00:00.000Z',
    packages: Object.fromEntries(entries.map((entry) => [`${entry.name} ${entry.version}`, entry])),
    groups: { machine: entries.map((entry) => `${entry.name} ${entry.version}`) },
  });
  const archives = (): Archives => ({
    mirrors: () => new URL('http://mirror/debian/'),
    downloader: createDownloader({ fetcher, pause: 0, attempts: 1 }),
    keyring: [],
    store: new Store(folder, '.xz'),
    debs: new Store(folder, '.deb'),
    now: new Date(),
    acceptExpired: false,
    warn,
  });
  const fetchAll = (lock: Lock, options: { frozen?: boolean; index?: string } = {}) =>
    fetchPackages({
      recipe,
      lock,
      archives: archives(),
      reporter,
      frozen: options.frozen ?? false,
      loadIndex: async () => {
        const index = new PackageIndex();
        index.add('trixie', options.index ?? '');
        return index;
      },
    });

  it('downloads, keeps and reports; a second time it asks the mirror for nothing', async () => {
    const lock = lockOf(old, library);
    expect(await fetchAll(lock)).toEqual(lock);
    expect(reporter.progress).toHaveBeenLastCalledWith({ stage: 'Downloading packages', done: 15, total: 15 });
    expect((await readPackage(archives().debs, old)).toString()).toBe('old tree');
    fetcher.mockClear();
    await fetchAll(lock);
    expect(fetcher).not.toHaveBeenCalled();
  });

  it.each([
    ['tampered', 'OLD TREE'],
    ['truncated', 'old'],
  ])('refuses a %s package, names it and keeps nothing of it', async (_, body) => {
    onMirror.set(old.filename, body);
    await expect(fetchAll(lockOf(old))).rejects.toMatchObject({ code: 'package-mismatch', message: expect.stringContaining('tree 1') });
    expect(await readdir(folder)).toEqual([]);
  });

  it('takes the newest of the signed index for one that is gone, and says so', async () => {
    onMirror.delete(old.filename);
    const fetched = await fetchAll(lockOf(old, library), { index: [indexed(newer, '\nDepends: libc6 (>= 2.38)'), indexed(library)].join('\n\n') });
    expect(fetched.packages['tree 1']).toEqual(newer);
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/no longer has tree 1; took tree 2/));
  });

  it('refuses that when frozen', async () => {
    onMirror.delete(old.filename);
    await expect(fetchAll(lockOf(old), { frozen: true, index: indexed(newer) })).rejects.toMatchObject({
      code: 'lock-frozen',
      message: expect.stringContaining('tree 1'),
    });
  });

  it('refuses a successor that needs what is not locked', async () => {
    onMirror.delete(old.filename);
    await expect(fetchAll(lockOf(old, library), { index: indexed(newer, '\nDepends: libnew') })).rejects.toMatchObject({
      code: 'dependency-unsatisfied',
      message: expect.stringContaining('libnew'),
    });
  });

  it('says when the index has no other version either', async () => {
    onMirror.delete(old.filename);
    await expect(fetchAll(lockOf(old), { index: indexed(old) })).rejects.toMatchObject({ code: 'not-on-mirror', message: expect.stringContaining('tree 1') });
  });
});
