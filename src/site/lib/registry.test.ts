import { describe, expect, it } from 'vitest';
import type { RegistryImage, RegistryIndex } from '../../shared/registry.ts';
import { registryView } from './registry.ts';

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const layer = (letter: string, bytes: number) => ({ digest: digest(letter), bytes, unpackedBytes: 2 * bytes, createdBy: letter });
const image = (letter: string, ...layers: RegistryImage['layers']): RegistryImage => ({
  manifest: { digest: digest(letter), bytes: 1 },
  mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
  config: { digest: digest('c'), bytes: 1 },
  layers,
  created: '2026-01-01T00:00:00.000Z',
});
const repository = (name: string, tags: Record<string, string>): RegistryIndex['repositories'][number] => ({
  name: `library/${name}`,
  description: { en: name, 'zh-cn': name },
  official: true,
  stars: 0,
  tags,
});

const index: RegistryIndex = {
  schema: 1,
  repositories: [
    repository('base', { latest: digest('1'), '13': digest('1') }),
    repository('web', { trixie: digest('2'), '1.26.3': digest('2'), '1.26': digest('2'), latest: digest('2'), '1.22': digest('3') }),
  ],
  images: {
    [digest('1')]: image('1', layer('a', 100)),
    [digest('2')]: image('2', layer('a', 100), layer('b', 10)),
    [digest('3')]: image('3', layer('d', 5)),
  },
};

describe('registryView', () => {
  const view = registryView(index);

  it('lists the images of a repository with all the tags that mean them', () => {
    expect(view.repositories.map(({ name, images }) => [name, images.map(({ tags }) => tags)])).toEqual([
      ['base', [['latest', '13']]],
      ['web', [['latest', '1.26', '1.26.3', 'trixie'], ['1.22']]],
    ]);
  });

  it('tells who shares a layer', () => {
    expect(view.shared).toMatchObject([{ short: 'aaaaaaaaaaaa', images: 2, repositories: ['base', 'web'] }]);
    expect(view.repositories[1]?.images[0]).toMatchObject({ bytes: 110, unpackedBytes: 220 });
  });

  it('counts every layer once, and as if nothing were shared', () => {
    expect(view).toMatchObject({ images: 3, bytes: 115, unsharedBytes: 215 });
  });
});
