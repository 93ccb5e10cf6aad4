/** /etc/passwd, group, shadow and gshadow: base-passwd's masters, and what the recipe adds. */
import { BuildError } from '../errors.ts';
import type { TreeRecipe } from '../recipe-fields.ts';
import type { Tree } from './tree.ts';

export interface Accounts {
  /** Numbers of "user:group". @throws BuildError when either is unknown */
  resolve(owner: string): { uid: number; gid: number };
}

interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: string[];
}

/** Seconds of a day: shadow counts days since 1970. */
const day = 86_400;
const shadowGroup = 42;

/** Writes the four files into the tree and returns what they say. */
export function writeAccounts(tree: Tree, recipe: Pick<TreeRecipe, 'users' | 'groups'>): Accounts {
  const users = lines(tree, 'etc/passwd', 'usr/share/base-passwd/passwd.master').map((line) => line.replace(/^([^:]*):[^:]*:/, '$1:x:'));
  for (const user of recipe.users) {
    users.push([user.name, 'x', user.uid, user.gid, user.comment, user.home, user.shell].join(':'));
  }
  const groups = lines(tree, 'etc/group', 'usr/share/base-passwd/group.master').map((line): Group => {
    const [name = '', , gid = '', members = ''] = line.split(':');
    return { name, gid: Number(gid), members: members.split(',').filter((member) => member !== '') };
  });
  for (const { name, gid, members } of recipe.groups) {
    const known = groups.find((group) => group.name === name);
    if (known === undefined) groups.push({ name, gid, members: [...members] });
    else if (known.gid === gid) known.members.push(...members);
    else throw new BuildError('recipe-invalid', `The group ${name} has the number ${known.gid} already, not ${gid}.`, 'Correct the number in vm-images/recipe.');
  }

  const changed = Math.floor(tree.mtime / day);
  const names = users.map((line) => line.split(':')[0] ?? '');
  tree.putText('etc/passwd', joined(users));
  tree.putText('etc/group', joined(groups.map(({ name, gid, members }) => `${name}:x:${gid}:${members.join(',')}`)));
  tree.putText('etc/shadow', joined(names.map((name) => `${name}:*:${changed}:0:99999:7:::`)), { mode: 0o640, gid: shadowGroup });
  tree.putText('etc/gshadow', joined(groups.map(({ name, members }) => `${name}:*::${members.join(',')}`)), { mode: 0o640, gid: shadowGroup });

  const uids = new Map(users.map((line) => [line.split(':')[0] ?? '', Number(line.split(':')[2])]));
  const gids = new Map(groups.map(({ name, gid }) => [name, gid]));
  const accounts: Accounts = {
    resolve(owner) {
      const [user = '', group = ''] = owner.split(':');
      const uid = uids.get(user);
      const gid = gids.get(group);
      if (uid === undefined || gid === undefined) throw new BuildError('recipe-invalid', `"${owner}" names a user or group that does not exist.`, 'Declare it in vm-images/recipe.');
      return { uid, gid };
    },
  };
  for (const user of recipe.users) if (user.createHome) createHome(tree, user);
  return accounts;
}

function createHome(tree: Tree, { home, uid, gid }: TreeRecipe['users'][number]): void {
  tree.put(home, { kind: 'directory', mode: 0o755, uid, gid, mtime: tree.mtime });
  for (const path of tree.paths()) {
    const node = tree.get(path);
    if (path.startsWith('etc/skel/') && node !== undefined) tree.put(`${home}/${path.slice('etc/skel/'.length)}`, { ...node, uid, gid });
  }
}

/** Lines of the file, or of its master where there is none yet; none at all where there is neither. */
function lines(tree: Tree, path: string, master: string): string[] {
  const found = [path, master].find((candidate) => tree.follow(candidate)?.kind === 'file');
  return found === undefined ? [] : tree.read(found).toString('utf8').split('\n').filter((line) => line !== '');
}

function joined(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('');
}
