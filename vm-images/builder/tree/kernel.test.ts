import { beforeEach, describe, expect, it } from 'vitest';
import { dropModules, kernelVersion, moduleDependencies, selectModules } from './kernel.ts';
import { Tree } from './tree.ts';

const module = (depends: string): Buffer => Buffer.from(`\x7fELF...\0license=GPL\0depends=${depends}\0retpoline=Y\0`, 'latin1');
const root = 'usr/lib/modules/6.1.0-9-686';

describe('kernel modules', () => {
  let tree: Tree;
  beforeEach(() => {
    tree = new Tree(0);
    tree.putText(`${root}/kernel/fs/ext4/ext4.ko`, module('jbd2,crc16'));
    tree.putText(`${root}/kernel/fs/jbd2/jbd2.ko`, module(''));
    tree.putText(`${root}/kernel/lib/crc16.ko`, module('deep-one'));
    tree.putText(`${root}/kernel/lib/deep-one.ko`, module(''));
    tree.putText(`${root}/kernel/sound/snd.ko`, module(''));
    tree.putText(`${root}/modules.order`, '');
  });

  it('reads dependencies from the module itself', () => {
    expect(moduleDependencies(module('a-b,c'))).toEqual(['a_b', 'c']);
    expect(moduleDependencies(module(''))).toEqual([]);
    expect(moduleDependencies(Buffer.from('nothing'))).toEqual([]);
  });

  it('keeps what the patterns name and what that needs', () => {
    expect(selectModules(tree, ['fs/ext4']).map((path) => path.slice(root.length))).toEqual([
      '/kernel/fs/ext4/ext4.ko',
      '/kernel/fs/jbd2/jbd2.ko',
      '/kernel/lib/crc16.ko',
      '/kernel/lib/deep-one.ko',
    ]);
  });

  it('drops the others and nothing else', () => {
    dropModules(tree, selectModules(tree, ['fs/ext4']));
    expect(tree.get(`${root}/kernel/sound/snd.ko`)).toBeUndefined();
    expect(tree.get(`${root}/modules.order`)).toBeDefined();
  });

  it('refuses a pattern that matches nothing', () => {
    expect(() => selectModules(tree, ['net/bridge'])).toThrow(/"net\/bridge"/);
  });

  it('finds the version and refuses two kernels', () => {
    expect(kernelVersion(tree)).toBe('6.1.0-9-686');
    tree.putText('usr/lib/modules/6.2/modules.order', '');
    expect(() => kernelVersion(tree)).toThrow(/2 kernels/);
  });
});
