/** The tree of the learner's files: a flat list of rows with levels, as ARIA's tree pattern allows. */
import type { DirEntry } from '../../guest/files.ts';
import { h, icon } from '../dom.ts';
import type { Strings } from '../page-data.ts';
import { joinPath } from './paths.ts';

export interface TreeNode {
  path: string;
  entry: DirEntry;
  /** 1 for what is directly in the root. */
  level: number;
}

/** The rows that are to be seen: what is in the root and in every open folder, in order. */
export function visibleNodes(root: string, folders: ReadonlyMap<string, readonly DirEntry[]>, open: ReadonlySet<string>): TreeNode[] {
  const rows: TreeNode[] = [];
  const add = (folder: string, level: number): void => {
    for (const entry of folders.get(folder) ?? []) {
      const path = joinPath(folder, entry.name);
      rows.push({ path, entry, level });
      if (entry.type === 'directory' && open.has(path)) add(path, level + 1);
    }
  };
  add(root, 1);
  return rows;
}

export interface TreeActions {
  openFile(path: string): void;
  toggleFolder(path: string): void;
  rename(node: TreeNode): void;
  remove(node: TreeNode): void;
  select(node: TreeNode | undefined): void;
}

export class FileTree {
  readonly element: HTMLElement;
  readonly #strings: Strings;
  readonly #actions: TreeActions;
  #nodes: TreeNode[] = [];
  #open: ReadonlySet<string> = new Set();
  #selected: string | undefined;

  constructor(strings: Strings, actions: TreeActions) {
    this.#strings = strings;
    this.#actions = actions;
    this.element = h('div', { class: 'dd-tree', role: 'tree', 'aria-label': strings.files, 'data-testid': 'file-tree' });
    this.element.addEventListener('click', (event) => {
      const node = this.#nodeOf(event.target);
      if (node) this.#activate(node);
    });
    this.element.addEventListener('keydown', (event) => this.#onKey(event));
  }

  get selected(): TreeNode | undefined {
    return this.#nodes.find(({ path }) => path === this.#selected);
  }

  /** Draws the rows anew; the focus stays on its row if that is still there. */
  render(nodes: TreeNode[], open: ReadonlySet<string>): void {
    const hadFocus = this.element.contains(document.activeElement);
    this.#nodes = nodes;
    this.#open = open;
    const current = this.selected ?? nodes[0];
    // A tree must have items to be one.
    if (nodes.length === 0) this.element.replaceChildren(h('p', { class: 'dd-tree-empty', role: 'treeitem', tabindex: 0 }, this.#strings.emptyFolder));
    else this.element.replaceChildren(...nodes.map((node) => this.#row(node, node === current)));
    if (hadFocus) this.element.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }

  /** Marks a row, for example that of the file shown in the editor. */
  select(path: string | undefined): void {
    this.#selected = path;
    for (const row of this.element.querySelectorAll<HTMLElement>('[data-path]')) {
      const selected = row.dataset['path'] === path;
      row.setAttribute('aria-selected', String(selected));
      if (this.selected) row.tabIndex = selected ? 0 : -1;
    }
    this.#actions.select(this.selected);
  }

  #row({ path, entry, level }: TreeNode, isStop: boolean): HTMLElement {
    const isFolder = entry.type === 'directory';
    return h('div', {
      role: 'treeitem', class: entry.name.startsWith('.') ? 'dd-row dd-row-hidden' : 'dd-row', style: `--level:${level}`, 'data-path': path, 'aria-level': level,
      'aria-selected': String(path === this.#selected), 'aria-expanded': isFolder ? String(this.#open.has(path)) : undefined,
      tabindex: isStop ? 0 : -1, title: entry.name,
    }, isFolder ? icon('chevron') : h('span', { class: 'dd-row-gap' }), icon(isFolder ? 'folder' : 'file'), h('span', { class: 'dd-row-name' }, entry.name));
  }

  #activate(node: TreeNode): void {
    this.select(node.path);
    if (node.entry.type === 'directory') this.#actions.toggleFolder(node.path);
    else this.#actions.openFile(node.path);
  }

  #onKey(event: KeyboardEvent): void {
    const node = this.#nodeOf(event.target);
    if (!node || event.ctrlKey || event.metaKey || event.altKey) return;
    const index = this.#nodes.indexOf(node);
    const isFolder = node.entry.type === 'directory';
    const isOpen = this.#open.has(node.path);
    if (event.key === 'ArrowDown') this.#focusRow(index + 1);
    else if (event.key === 'ArrowUp') this.#focusRow(index - 1);
    else if (event.key === 'Home') this.#focusRow(0);
    else if (event.key === 'End') this.#focusRow(this.#nodes.length - 1);
    else if (event.key === 'ArrowRight' && isFolder && isOpen) this.#focusRow(index + 1);
    else if (event.key === 'ArrowRight' && isFolder) this.#actions.toggleFolder(node.path);
    else if (event.key === 'ArrowLeft' && isFolder && isOpen) this.#actions.toggleFolder(node.path);
    else if (event.key === 'ArrowLeft') this.#focusRow(this.#nodes.findLastIndex((other, at) => at < index && other.level < node.level));
    else if (event.key === 'Enter' || event.key === ' ') this.#activate(node);
    else if (event.key === 'F2') this.#actions.rename(node);
    else if (event.key === 'Delete') this.#actions.remove(node);
    else return;
    event.preventDefault();
  }

  #focusRow(index: number): void {
    const node = this.#nodes[index];
    if (!node) return;
    this.select(node.path);
    this.element.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }

  #nodeOf(target: EventTarget | null): TreeNode | undefined {
    const path = target instanceof Element ? target.closest<HTMLElement>('[data-path]')?.dataset['path'] : undefined;
    return path === undefined ? undefined : this.#nodes.find((node) => node.path === path);
  }
}
