/** New, rename and delete: asks the learner, then does it in the guest. */
import { fillTemplate } from '../../shared/locale.ts';
import { askConfirm, askName } from '../dialog.ts';
import type { Strings } from '../page-data.ts';
import type { Folders } from './folders.ts';
import type { GuestFiles } from './guest-files.ts';
import { baseName, joinPath, nameProblem, parentOf } from './paths.ts';
import type { TreeNode } from './tree.ts';

export class FileCommands {
  readonly #strings: Strings;
  readonly #files: GuestFiles;
  readonly #folders: Folders;

  constructor(strings: Strings, files: GuestFiles, folders: Folders) {
    this.#strings = strings;
    this.#files = files;
    this.#folders = folders;
  }

  /** @returns the path of the new file, or `undefined` if the learner thought better of it */
  async newFile(near: TreeNode | undefined): Promise<string | undefined> {
    const path = await this.#newPath(near, this.#strings.newFilePrompt);
    if (path === undefined) return undefined;
    await this.#files.createFile(path);
    await this.#folders.read(parentOf(path));
    return path;
  }

  /** Offers to make a file that is not there. @returns whether it is now */
  async offerFile(path: string): Promise<boolean> {
    const strings = this.#strings;
    const name = baseName(path);
    if (!(await askConfirm({ title: fillTemplate(strings.missingFileTitle, { name }), body: fillTemplate(strings.missingFileBody, { path }), confirm: strings.missingFileConfirm, cancel: strings.cancel }))) return false;
    await this.#files.createFile(path);
    await this.#folders.read(parentOf(path));
    return true;
  }

  async newFolder(near: TreeNode | undefined): Promise<void> {
    const path = await this.#newPath(near, this.#strings.newFolderPrompt);
    if (path === undefined) return;
    await this.#files.createFolder(path);
    await this.#folders.read(parentOf(path));
  }

  /** @returns the new path, or `undefined` if the learner thought better of it */
  async rename(node: TreeNode): Promise<string | undefined> {
    const old = node.entry.name;
    const folder = parentOf(node.path);
    const name = await this.#askName(fillTemplate(this.#strings.renamePrompt, { name: old }), old, folder, old);
    if (name === undefined || name === old) return undefined;
    const path = joinPath(folder, name);
    await this.#files.rename(node.path, path);
    await this.#folders.read(folder);
    return path;
  }

  /** @returns whether it was deleted */
  async remove(node: TreeNode): Promise<boolean> {
    const strings = this.#strings;
    const yes = await askConfirm({
      title: fillTemplate(strings.deletePrompt, { name: node.entry.name }),
      body: node.entry.type === 'directory' ? strings.deleteFolderNote : strings.deleteFileNote,
      confirm: strings.delete, cancel: strings.cancel, danger: true,
    });
    if (!yes) return false;
    await this.#files.remove(node.path);
    await this.#folders.read(parentOf(node.path));
    return true;
  }

  /** In the folder that is selected, or beside the file that is, else in the root. */
  async #newPath(near: TreeNode | undefined, prompt: string): Promise<string | undefined> {
    const folder = near === undefined ? this.#folders.root : near.entry.type === 'directory' ? near.path : parentOf(near.path);
    if (folder !== this.#folders.root && !this.#folders.open.has(folder)) await this.#folders.toggle(folder);
    const shown = folder === this.#folders.root ? '~' : baseName(folder);
    const name = await this.#askName(fillTemplate(prompt, { folder: shown }), '', folder);
    return name === undefined ? undefined : joinPath(folder, name);
  }

  #askName(title: string, initial: string, folder: string, except?: string): Promise<string | undefined> {
    const siblings = (this.#folders.entries.get(folder) ?? []).map(({ name }) => name).filter((name) => name !== except);
    return askName({
      title, initial, strings: this.#strings,
      validate: (name) => {
        const problem = nameProblem(name, siblings);
        return problem && this.#strings[problem];
      },
    });
  }
}
