import { describe, expect, it } from 'vitest';
import type { ContainerSummary, ImageSummary } from '../../../guest/engine/schemas.ts';
import { changedBy, changesOf, imageRows, nameOf } from './images-model.ts';

const image = (id: string, values: Partial<ImageSummary>): ImageSummary => ({ Id: `sha256:${id.repeat(64)}`, RepoTags: [], RepoDigests: [], Created: 1, Size: 10, Labels: {}, ...values });
const container = (imageId: string, State: ContainerSummary['State']): ContainerSummary => ({ Id: 'c', Names: ['/c'], Image: 'x', ImageID: `sha256:${imageId.repeat(64)}`, Command: 'x', Created: 1, State, Status: '', Labels: {}, Ports: [] });

describe('imageRows', () => {
  it('lists an image once with all its names, and those without a name last', () => {
    const rows = imageRows(
      [
        image('a', {}),
        image('b', { RepoTags: ['<none>:<none>'], RepoDigests: ['<none>@<none>'] }),
        image('c', { RepoDigests: ['nginx@sha256:1'] }),
        image('d', { RepoTags: ['web:2', 'web:1'], Size: 77 }),
        image('e', { RepoTags: ['app:latest'], RepoDigests: ['app@sha256:2'] }),
      ],
      [],
    );
    expect(rows.map(({ names, dangling }) => [names, dangling])).toEqual([
      [['app:latest'], false],
      [['web:1', 'web:2'], false],
      [['<none>:<none>'], true],
      [['<none>:<none>'], true],
      [['nginx:<none>'], true],
    ]);
    expect(rows[1]).toMatchObject({ shortId: 'dddddddddddd', size: 77 });
    expect(rows.map(nameOf)).toEqual(['app:latest', 'web:1', 'aaaaaaaaaaaa', 'bbbbbbbbbbbb', 'cccccccccccc']);
  });

  it('counts the containers of each, running or not', () => {
    const rows = imageRows([image('a', { RepoTags: ['a:1'] }), image('b', { RepoTags: ['b:1'] })], [container('b', 'running'), container('b', 'exited')]);
    expect(rows.map(({ inUse }) => inUse)).toEqual([0, 2]);
  });
});

describe('changedBy', () => {
  it.each([
    ['image', 'pull', 'images'],
    ['image', 'untag', 'images'],
    ['image', 'delete', 'images'],
    ['image', 'push', undefined],
    ['container', 'commit', 'images'],
    ['container', 'create', 'containers'],
    ['container', 'destroy', 'containers'],
    ['container', 'exec_create: sh -c true', undefined],
    ['container', 'health_status: healthy', undefined],
    ['network', 'create', undefined],
  ])('%s %s: %s', (Type, Action, changed) => {
    expect(changedBy({ Type, Action })).toBe(changed);
  });
});

describe('changesOf', () => {
  it('counts each kind and shows the first of each', () => {
    const list = [{ Path: '/etc', Kind: 0 }, { Path: '/etc/a', Kind: 1 }, { Path: '/etc/b', Kind: 1 }, { Path: '/etc/c', Kind: 1 }, { Path: '/bin/x', Kind: 2 }];
    expect(changesOf(list, 2)).toEqual({
      counts: { A: 3, C: 1, D: 1 },
      shown: [{ letter: 'A', path: '/etc/a' }, { letter: 'A', path: '/etc/b' }, { letter: 'C', path: '/etc' }, { letter: 'D', path: '/bin/x' }],
      more: 1,
    });
  });

  it('is empty for a container that changed nothing', () => {
    expect(changesOf([], 2)).toEqual({ counts: { A: 0, C: 0, D: 0 }, shown: [], more: 0 });
  });
});
