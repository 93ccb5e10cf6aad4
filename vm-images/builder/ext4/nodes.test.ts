import { describe, expect, it } from 'vitest';
import type { TarEntry } from '../tar.ts';
import { collectNodes, storedLinks } from './nodes.ts';

function folder(path: string): TarEntry {
  return { path, kind: 'directory' };
}

function foldersBelow(parent: string, count: number): TarEntry[] {
  return Array.from({ length: count }, (_, index) => folder(`${parent}/${index}`));
}

describe('collectNodes', () => {
  it('numbers the root 2, lost+found 11 and the rest from 12 on, hard links not counted', () => {
    const nodes = collectNodes([folder('d'), { path: 'd/p', kind: 'fifo' }, { path: 'd/q', kind: 'hardlink', target: 'd/p' }, folder('e')], 0);
    expect(nodes.map((node) => node.inode)).toEqual([2, 11, 12, 13, 14]);
  });

  it('counts links: names, and for a directory also "." and the ".." of those below', () => {
    const nodes = collectNodes([folder('d'), folder('d/a'), folder('d/b'), { path: 'd/p', kind: 'fifo' }, { path: 'q', kind: 'hardlink', target: 'd/p' }], 0);
    expect(nodes.map(storedLinks)).toEqual([4, 2, 4, 2, 2, 2]);
  });

  it('follows hard links to hard links', () => {
    const nodes = collectNodes([{ path: 'a', kind: 'fifo' }, { path: 'b', kind: 'hardlink', target: 'a' }, { path: 'c', kind: 'hardlink', target: 'b' }], 0);
    expect(nodes.map(storedLinks)).toEqual([3, 2, 3]);
  });

  it('keeps the later attributes of a directory that comes twice, and what is in it', () => {
    const nodes = collectNodes([{ path: 'd', kind: 'directory', mode: 0o700 }, folder('d/a'), { path: 'd', kind: 'directory', mode: 0o711, uid: 7, mtime: 9 }], 0);
    expect(nodes[2]).toMatchObject({ attributes: { mode: 0o711, uid: 7, mtime: 9 }, links: 3 });
    expect(nodes).toHaveLength(4);
  });

  it('says 1 link for a directory with more than 65000', () => {
    const [, , few, many] = collectNodes([folder('few'), folder('many'), ...foldersBelow('few', 64_998), ...foldersBelow('many', 64_999)], 0);
    expect([few, many].map((node) => node && storedLinks(node))).toEqual([65_000, 1]);
  });
});
