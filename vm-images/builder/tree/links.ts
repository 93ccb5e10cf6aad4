/** Symbolic links as maintainer scripts make them. */
import type { Tree } from './tree.ts';

/** In place of an empty folder too: some packages ship one that their maintainer script replaces. */
export function putLink(tree: Tree, path: string, target: string): void {
  if (tree.get(path)?.kind === 'directory' && tree.isEmpty(path)) tree.remove(path);
  tree.put(path, { kind: 'link', target, mode: 0o777, mtime: tree.mtime });
}
