import { beforeEach, describe, expect, it } from 'vitest';
import { writeAccounts } from './accounts.ts';
import { Tree } from './tree.ts';

const learner = { name: 'learner', uid: 1000, gid: 1000, comment: '', home: '/home/learner', shell: '/bin/bash', createHome: true };
const recipe = {
  users: [learner],
  groups: [
    { name: 'learner', gid: 1000, members: [] },
    { name: 'sudo', gid: 27, members: ['learner'] },
  ],
};

describe('writeAccounts', () => {
  let tree: Tree;
  beforeEach(() => {
    tree = new Tree(86_400 * 20_000);
    tree.putText('usr/share/base-passwd/passwd.master', 'root:*:0:0:root:/root:/bin/bash\n');
    tree.putText('usr/share/base-passwd/group.master', 'root:*:0:\nsudo:*:27:\n');
    tree.putText('etc/skel/.bashrc', 'skel');
  });

  it('adds users and members to the masters', () => {
    writeAccounts(tree, recipe);
    expect(tree.read('etc/passwd').toString()).toBe('root:x:0:0:root:/root:/bin/bash\nlearner:x:1000:1000::/home/learner:/bin/bash\n');
    expect(tree.read('etc/group').toString()).toBe('root:x:0:\nsudo:x:27:learner\nlearner:x:1000:\n');
    expect(tree.read('etc/shadow').toString()).toBe('root:*:20000:0:99999:7:::\nlearner:*:20000:0:99999:7:::\n');
    expect(tree.read('etc/gshadow').toString()).toBe('root:*::\nsudo:*::learner\nlearner:*::\n');
    expect(tree.get('etc/shadow')).toMatchObject({ mode: 0o640, gid: 42 });
  });

  it('makes the home folder from the skeleton, owned by the user', () => {
    writeAccounts(tree, recipe);
    expect(tree.get('home/learner')).toMatchObject({ kind: 'directory', uid: 1000, gid: 1000 });
    expect(tree.get('home/learner/.bashrc')).toMatchObject({ kind: 'file', uid: 1000, gid: 1000 });
    expect(tree.get('etc/skel/.bashrc')?.uid).toBe(0);
  });

  it('resolves owners and refuses unknown ones', () => {
    const accounts = writeAccounts(tree, recipe);
    expect(accounts.resolve('learner:sudo')).toEqual({ uid: 1000, gid: 27 });
    expect(() => accounts.resolve('nobody:root')).toThrow(/"nobody:root"/);
  });

  it('refuses another number for a known group', () => {
    expect(() => writeAccounts(tree, { users: [], groups: [{ name: 'sudo', gid: 28, members: [] }] })).toThrow(/27 already, not 28/);
  });

  it('adds to what a lower layer wrote', () => {
    writeAccounts(tree, recipe);
    writeAccounts(tree, { users: [], groups: [{ name: 'web', gid: 33, members: [] }] });
    expect(tree.read('etc/group').toString()).toContain('learner:x:1000:\nweb:x:33:\n');
  });
});
