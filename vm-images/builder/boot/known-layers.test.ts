import { expect, it } from 'vitest';
import { createImage, createLayer, digestOf, imageArchive } from '../oci/image.ts';
import { gzipped } from '../registry/blobs.ts';
import { readTar, type TarEntry } from '../tar.ts';
import { knownLayers } from './known-layers.ts';

const settings = { environment: [], entrypoint: undefined, command: ['sh'], user: undefined, workdir: undefined, ports: [], volumes: [], stopSignal: undefined, labels: {} };
const base = createLayer([{ kind: 'file', path: 'a', content: Buffer.from('base') }], 'base');
const top = createLayer([{ kind: 'file', path: 'b', content: Buffer.from('top') }], 'top');

it('notes the digest of each layer once, under folders that the root does not have yet', async () => {
  const created = '2026-01-01T00:00:00Z';
  const images = [
    { names: ['one:latest'], ...createImage(settings, [base], created) },
    { names: ['two:latest'], ...createImage(settings, [base, top], created) },
  ];
  const archive = Buffer.concat([...imageArchive(images)]);
  const entries = await knownLayers(readTar(archive), new Set(['var', 'var/lib']));
  const folders = entries.filter(({ kind }) => kind === 'directory').map(({ path }) => path);
  expect(folders[0]).toBe('var/lib/docker');
  expect(folders.at(-1)).toBe('var/lib/docker/image/overlay2/distribution/diffid-by-digest/sha256');
  const notes = entries.filter((entry): entry is Extract<TarEntry, { kind: 'file' }> => entry.kind === 'file').map(({ path, content }) => [path.split('/').at(-1), Buffer.from(content).toString()]);
  expect(notes).toEqual(await Promise.all([base, top].map(async ({ archive: tar, diffId }) => [digestOf(await gzipped(tar)).slice(7), diffId])));
});
