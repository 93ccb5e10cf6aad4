import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Store } from '../debian/download.ts';
import type { Lock } from '../lock.ts';
import { silentReporter } from '../progress.ts';
import { imagesSchema } from '../recipe-images.ts';
import { gzipped } from './blobs.ts';
import { publishRegistry } from './publish.ts';

const lock: Lock = { schema: 1, recipe: '0'.repeat(64), date: '2026-01-01T00:00:00.000Z', packages: {}, groups: {} };
const file = (path: string, text: string) => ({ path, text });
const root = { groups: [{ name: 'root', gid: 0 }], users: [{ name: 'root', uid: 0, gid: 0, home: '/root' }] };
const images = imagesSchema.parse({
  layers: {
    base: { createdBy: 'base', database: false, ...root, files: [file('/etc/base', 'base')] },
    top: { createdBy: 'top', database: false, base: 'base', files: [file('/etc/top', 'top')] },
  },
  repositories: {
    base: { description: { en: 'Base', 'zh-cn': '基础' }, images: [{ tags: ['latest', '1'], layer: 'base', command: ['sh'] }] },
    web: { description: { en: 'Web', 'zh-cn': '网站' }, images: [{ tags: ['latest'], layer: 'top', command: ['web'], user: 'root', workdir: '/srv', volumes: ['/data'] }] },
  },
});

describe('publishRegistry', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'registry-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const publish = (name: string) =>
    publishRegistry(join(folder, name), { images, lock, debs: new Store(join(folder, 'debs'), '.deb'), epoch: 1_767_225_600, files: folder }, silentReporter);
  const blob = (digest: string) => readFile(join(folder, 'one/blobs', digest.replace('sha256:', '')));

  it('names every blob by its hash and length, and shares the base', async () => {
    const index = await publish('one');
    for (const name of await readdir(join(folder, 'one/blobs'))) {
      expect(createHash('sha256').update(await blob(name)).digest('hex')).toBe(name);
    }
    const [base, web] = Object.values(index.images);
    expect(web?.layers.map((layer) => layer.createdBy)).toEqual(['base', 'top']);
    expect(web?.layers[0]).toEqual(base?.layers[0]);
    expect(index.repositories.map(({ name, tags }) => [name, Object.keys(tags).toSorted()])).toEqual([
      ['library/base', ['1', 'latest']],
      ['library/web', ['latest']],
    ]);
  });

  it('has manifests whose layers unpack to what the configuration says', async () => {
    const index = await publish('one');
    for (const [digest, image] of Object.entries(index.images)) {
      const manifest = JSON.parse((await blob(digest)).toString());
      expect(manifest).toMatchObject({ schemaVersion: 2, mediaType: image.mediaType, config: { digest: image.config.digest, size: image.config.bytes } });
      const config = JSON.parse((await blob(image.config.digest)).toString());
      const unpacked = await Promise.all(image.layers.map(async (layer) => gunzipSync(await blob(layer.digest))));
      expect(unpacked.map((tar) => tar.length)).toEqual(image.layers.map((layer) => layer.unpackedBytes));
      expect(config.rootfs.diff_ids).toEqual(unpacked.map((tar) => `sha256:${createHash('sha256').update(tar).digest('hex')}`));
    }
  });

  it('is the same every time', async () => {
    expect(await publish('one')).toEqual(await publish('two'));
    expect(await readFile(join(folder, 'one/index.json'))).toEqual(await readFile(join(folder, 'two/index.json')));
  });
});

describe('gzipped', () => {
  it('says neither when nor where it was made', async () => {
    const packed = await gzipped(Buffer.from('layer'));
    expect([...packed.subarray(3, 8), packed[9]]).toEqual([0, 0, 0, 0, 0, 255]);
    expect(gunzipSync(packed).toString()).toBe('layer');
  });
});
