import { beforeEach, describe, expect, it } from 'vitest';
import { Tree } from './tree.ts';

const file = (text: string) => ({ kind: 'file', content: Buffer.from(text), mode: 0o644, mtime: 1 }) as const;

describe('Tree', () => {
  let tree: Tree;
  beforeEach(() => {
    tree = new Tree(100);
  });

  it('puts what is shipped in /bin into /usr/bin and keeps the link', () => {
    tree.put('bin', { kind: 'directory' });
    tree.put('bin/sh', file('shell'));
    tree.put('lib', { kind: 'link', target: 'somewhere' });
    expect(tree.get('usr/bin/sh')).toEqual(file('shell'));
    expect(tree.get('bin')).toEqual({ kind: 'link', target: 'usr/bin' });
    expect(tree.get('lib')).toEqual({ kind: 'link', target: 'usr/lib' });
  });

  it('follows absolute, relative and chained links', () => {
    tree.put('run', { kind: 'directory' });
    tree.put('var/run', { kind: 'link', target: '/run' });
    tree.put('var/lock', { kind: 'link', target: '../var/run/lock' });
    tree.put('var/lock', { kind: 'link', target: 'run/lock' });
    tree.put('var/run/lock/file', file('x'));
    expect(tree.canonical('var/run/lock/file')).toBe('run/lock/file');
    expect(tree.read('/var/lock/file').toString()).toBe('x');
  });

  it('makes missing parent folders with the time of the tree', () => {
    tree.put('a/b/c', file('x'));
    expect(tree.get('a/b')).toEqual({ kind: 'directory', mode: 0o755, uid: 0, gid: 0, mtime: 100 });
  });

  it('keeps a folder as it was first put', () => {
    tree.put('tmp', { kind: 'directory', mode: 0o1777 });
    tree.put('tmp', { kind: 'directory', mode: 0o755 });
    expect(tree.get('tmp')?.mode).toBe(0o1777);
  });

  it.each([
    ['a folder in place of a file', () => [tree.put('x', file('')), tree.put('x', { kind: 'directory' })]],
    ['a file in place of a folder', () => [tree.put('x', { kind: 'directory' }), tree.put('x', file(''))]],
    ['a file below a file', () => [tree.put('x', file('')), tree.put('x/y', file(''))]],
    ['links in circles', () => [tree.put('x', { kind: 'link', target: 'x' }), tree.put('x/y', file(''))]],
    ['removing what is not there', () => tree.remove('nothing')],
    ['reading what is not there', () => tree.read('nothing')],
  ])('refuses %s', (_, act) => {
    expect(act).toThrow(expect.objectContaining({ code: 'tree-conflict' }));
  });

  it('removes with everything below, and nothing beside', () => {
    for (const path of ['a/b/c', 'a/b-c', 'a/b/d/e']) tree.put(path, file(''));
    tree.remove('a/b');
    expect(tree.paths().filter((path) => path.startsWith('a'))).toEqual(['a', 'a/b-c']);
  });

  it('gives sorted entries, the first of two hard links as the file', () => {
    const node = file('same');
    tree.put('z', node);
    tree.put('k', node);
    const entries = tree.entries().filter((entry) => ['z', 'k'].includes(entry.path));
    expect(entries).toEqual([
      { ...node, path: 'k' },
      { kind: 'hardlink', path: 'z', target: 'k', mode: 0o644, uid: 0, gid: 0, mtime: 1 },
    ]);
  });

  it('gives the difference to a base with the folders on the way', () => {
    tree.put('tmp', { kind: 'directory', mode: 0o1777 });
    tree.put('etc/old', file('old'));
    const above = new Tree(200, tree);
    above.put('tmp/new', file('new'));
    above.put('etc/old', file('changed'));
    expect(above.entries(tree).map((entry) => [entry.path, entry.mode])).toEqual([
      ['etc', 0o755],
      ['etc/old', 0o644],
      ['tmp', 0o1777],
      ['tmp/new', 0o644],
    ]);
    expect(tree.read('etc/old').toString()).toBe('old');
    above.remove('etc');
    expect(() => above.entries(tree)).toThrow(/takes out \/etc/);
  });

  it('does not repeat a text that is the same in the base', () => {
    tree.putText('etc/passwd', 'root', { mode: 0o600 });
    const above = new Tree(200, tree);
    above.putText('etc/passwd', 'root', { mode: 0o600 });
    expect(above.entries(tree)).toEqual([]);
    above.putText('etc/passwd', 'root', { mode: 0o644 });
    expect(above.entries(tree)).toHaveLength(2);
  });

  it('knows an empty folder', () => {
    tree.put('run', { kind: 'directory' });
    tree.putText('running/file', '');
    expect([tree.isEmpty('run'), tree.isEmpty('running')]).toEqual([true, false]);
  });
});
