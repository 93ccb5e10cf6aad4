import { beforeEach, describe, expect, it } from 'vitest';
import type { TreeRecipe } from '../recipe-fields.ts';
import type { MachineRecipe } from '../recipe.ts';
import { configureSystem, configureTree } from './configure.ts';
import { Tree } from './tree.ts';

const empty: TreeRecipe = { exclude: [], keep: [], groups: [{ name: 'root', gid: 0, members: [] }], users: [{ name: 'root', uid: 0, gid: 0, comment: '', home: '/root', shell: '/bin/sh', createHome: false }], directories: [], files: [], links: {}, alternatives: {}, attributes: [], remove: [], certificates: false };
const owner = 'root:root';

describe('configureTree', () => {
  let tree: Tree;
  beforeEach(() => {
    tree = new Tree(10);
  });
  const configure = (recipe: Partial<TreeRecipe>) => configureTree(tree, { ...empty, ...recipe }, '/nowhere');

  it('writes files, also as copies, with their modes', async () => {
    tree.putText('usr/share/base-files/profile', 'PATH=/bin');
    await configure({
      files: [
        { path: '/etc/sudoers.d/learner', text: 'x', mode: 0o440, owner },
        { path: '/etc/profile', copy: '/usr/share/base-files/profile', mode: 0o644, owner },
      ],
    });
    expect(tree.get('etc/sudoers.d/learner')).toMatchObject({ mode: 0o440, mtime: 10 });
    expect(tree.read('etc/profile').toString()).toBe('PATH=/bin');
  });

  it('sets the mode of a folder that a package shipped', async () => {
    tree.put('tmp', { kind: 'directory', mode: 0o755 });
    await configure({ directories: [{ path: '/tmp', mode: 0o1777, owner }] });
    expect(tree.get('tmp')?.mode).toBe(0o1777);
  });

  it('links in place of an empty folder, not of a full one', async () => {
    tree.put('var/run', { kind: 'directory' });
    tree.putText('var/lock/held', '');
    await configure({ links: { '/var/run': '/run' } });
    expect(tree.get('var/run')).toMatchObject({ kind: 'link', target: '/run' });
    await expect(configure({ links: { '/var/lock': '/run/lock' } })).rejects.toMatchObject({ code: 'tree-conflict' });
  });

  it("links alternatives through Debian's folder, and refuses a program that is not there", async () => {
    tree.putText('usr/bin/mawk', '');
    await configure({ alternatives: { '/usr/bin/awk': '/usr/bin/mawk' } });
    expect(tree.get('usr/bin/awk')).toMatchObject({ target: '/etc/alternatives/awk' });
    expect(tree.follow('usr/bin/awk')).toBe(tree.get('usr/bin/mawk'));
    await expect(configure({ alternatives: { '/usr/bin/awk': '/usr/bin/gawk' } })).rejects.toMatchObject({ code: 'recipe-invalid' });
  });

  it('joins certificates into one bundle', async () => {
    tree.putText('usr/share/ca-certificates/mozilla/B.crt', 'second\n');
    tree.putText('usr/share/ca-certificates/mozilla/A.crt', 'first');
    await configure({ certificates: true });
    expect(tree.read('etc/ssl/certs/ca-certificates.crt').toString()).toBe('first\nsecond\n');
    expect(tree.read('etc/ssl/certs/A.pem').toString()).toBe('first');
    expect(tree.read('etc/ca-certificates.conf').toString()).toBe('mozilla/A.crt\nmozilla/B.crt\n');
  });

  it('names the file that cannot be read', async () => {
    await expect(configure({ files: [{ path: '/etc/x', from: 'missing', mode: 0o644, owner }] })).rejects.toMatchObject({ message: expect.stringContaining('missing') });
  });
});

describe('configureSystem', () => {
  const system = { hostname: 'box', enable: {}, mask: [], maskGenerators: [], defaultTarget: 'multi-user.target' } as Partial<MachineRecipe['machine']> as MachineRecipe['machine'];
  let tree: Tree;
  beforeEach(() => {
    tree = new Tree(10);
    tree.putText('usr/lib/systemd/system/multi-user.target', '');
    tree.putText('usr/lib/systemd/system/docker.service', '');
  });

  it('enables and masks as systemctl does', () => {
    configureSystem(tree, { ...system, enable: { 'docker.service': 'multi-user.target' }, mask: ['x.timer'], maskGenerators: ['g'] });
    expect(tree.get('etc/systemd/system/multi-user.target.wants/docker.service')).toMatchObject({ target: '/usr/lib/systemd/system/docker.service' });
    expect(tree.get('etc/systemd/system/x.timer')).toMatchObject({ target: '/dev/null' });
    expect(tree.get('etc/systemd/system-generators/g')).toMatchObject({ target: '/dev/null' });
    expect(tree.get('etc/systemd/system/default.target')).toMatchObject({ target: '/usr/lib/systemd/system/multi-user.target' });
    expect(tree.read('etc/hostname').toString()).toBe('box\n');
  });

  it('refuses to enable a unit that is not there', () => {
    expect(() => configureSystem(tree, { ...system, enable: { 'no.service': 'multi-user.target' } })).toThrow(/no\.service/);
  });
});
