/** The editor's pane: tree, tabs and Monaco, joined to the files in the guest. */
import type { editor } from 'monaco-editor/editor/editor.api.js';
import type { AgentClient } from '../../guest/client.ts';
import { describeError } from '../../shared/errors.ts';
import { fillTemplate } from '../../shared/locale.ts';
import type { LabContext } from '../context.ts';
import { askConfirm } from '../dialog.ts';
import { h, iconButton, textButton } from '../dom.ts';
import { formatBytes } from '../machine/progress.ts';
import { currentTheme, onThemeChange } from '../terminal/themes.ts';
import { EditorTabs } from './tabs.ts';
import { FileCommands } from './file-commands.ts';
import { Folders } from './folders.ts';
import { GuestFiles } from './guest-files.ts';
import type { Monaco } from './monaco.ts';
import { type Document, OpenFiles } from './open-files.ts';
import { baseName, isWithin, maximumFileBytes } from './paths.ts';
import { FileTree, visibleNodes } from './tree.ts';

/** What the editor works on while there is a machine. */
interface Guest {
  files: GuestFiles;
  folders: Folders;
  commands: FileCommands;
}

export class EditorPane {
  readonly element: HTMLElement;
  readonly #context: LabContext;
  readonly #open: OpenFiles;
  readonly #tree: FileTree;
  readonly #tabs: EditorTabs;
  readonly #editor: editor.IStandaloneCodeEditor;
  readonly #host = h('div', { class: 'dd-monaco' });
  readonly #notice = h('div', { class: 'dd-notice', role: 'status' });
  readonly #banner = h('div', { class: 'dd-banner', role: 'alert', hidden: true });
  #guest: Guest | undefined;
  #shown: Document | undefined;

  constructor(context: LabContext, monaco: Monaco, onClose: () => void) {
    const { strings } = context;
    this.#context = context;
    this.#open = new OpenFiles(monaco);
    this.#tree = new FileTree(strings, {
      openFile: (path) => void this.#openFile(path),
      toggleFolder: (path) => void this.#guest?.folders.toggle(path),
      rename: () => this.#rename(),
      remove: () => this.#remove(),
      select: () => {},
    });
    this.#tabs = new EditorTabs(strings, { show: (document) => this.#show(document, true), close: (document) => void this.#close(document) });
    const save = iconButton('save', strings.save, () => void this.#save(), { 'aria-keyshortcuts': 'Control+S', 'data-testid': 'save' });
    this.element = h('section', { class: 'dd-editor', 'aria-label': strings.editor, 'data-testid': 'editor' },
      h('div', { class: 'dd-files' },
        h('div', { class: 'dd-files-bar', role: 'toolbar', 'aria-label': strings.files },
          h('span', { class: 'dd-files-title' }, strings.files),
          iconButton('newFile', strings.newFile, () => this.#attempt(async ({ commands }) => {
            const path = await commands.newFile(this.#tree.selected);
            if (path !== undefined) await this.#openFile(path);
          }), { 'data-testid': 'new-file' }),
          iconButton('newFolder', strings.newFolder, () => this.#attempt(({ commands }) => commands.newFolder(this.#tree.selected))),
          iconButton('rename', strings.rename, () => this.#rename(), { 'aria-keyshortcuts': 'F2' }),
          iconButton('trash', strings.delete, () => this.#remove(), { 'aria-keyshortcuts': 'Delete' }),
          iconButton('reset', strings.refresh, () => void this.#guest?.folders.readAll())),
        this.#tree.element),
      h('div', { class: 'dd-editor-main' },
        h('div', { class: 'dd-strip' }, this.#tabs.element, h('span', { class: 'dd-spring' }), save, iconButton('close', strings.closeEditor, onClose)),
        this.#banner, this.#notice, this.#host));
    this.#editor = monaco.editor.create(this.#host, {
      model: null, theme: `drydock-${currentTheme()}`, automaticLayout: true, fontSize: 13.5, lineHeight: 1.6, minimap: { enabled: false },
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--sl-font-mono'), scrollBeyondLastLine: false, renderWhitespace: 'selection',
      tabSize: 2, wordBasedSuggestions: 'currentDocument', padding: { top: 10, bottom: 10 }, ariaLabel: strings.editor, fixedOverflowWidgets: true,
    });
    this.element.addEventListener('keydown', (event) => {
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 's') {
        event.preventDefault();
        void this.#save();
      }
    });
    onThemeChange((theme) => monaco.editor.setTheme(`drydock-${theme}`));
    this.#open.changed.on(() => this.#render());
    window.addEventListener('beforeunload', (event) => {
      if (this.#open.list.some((document) => this.#open.isDirty(document))) event.preventDefault();
    });
    this.#render();
  }

  focus(): void {
    if (this.#shown) this.#editor.focus();
    else this.#tree.element.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }

  /** Works on the files of a new machine, or on none. Open files stay: a reset does not take what was not saved. */
  setAgent(agent: AgentClient | undefined, home: string): void {
    this.#guest?.folders.dispose();
    this.#guest = undefined;
    if (agent === undefined) {
      this.#tree.render([], new Set());
      this.#render();
      return;
    }
    const files = new GuestFiles(agent, () => this.#context.deeds.emit());
    const folders = new Folders(home, files);
    this.#guest = { files, folders, commands: new FileCommands(this.#context.strings, files, folders) };
    folders.changed.on(() => this.#tree.render(visibleNodes(home, folders.entries, folders.open), folders.open));
    folders.touched.on((path) => {
      for (const document of this.#open.list) if (path === undefined || document.path === path) void this.#lookAt(document, files);
    });
    folders.failed.on((error) => this.#say(this.#context.strings.listFailed, error));
    void folders.start(agent);
    for (const document of this.#open.list) void this.#lookAt(document, files);
    this.#render();
  }

  /** Opens a file that the lesson names, and offers to make it where there is none. */
  async open(path: string, line?: number): Promise<void> {
    const guest = this.#guest;
    try {
      if (!(await this.#openFile(path)) && (await guest?.commands.offerFile(path))) await this.#openFile(path);
    } catch (error) {
      this.#say(this.#context.strings.actionFailed, error);
    }
    if (this.#shown?.path !== path) return;
    if (line !== undefined) {
      const lineNumber = Math.min(line, this.#shown.model.getLineCount());
      this.#editor.setPosition({ lineNumber, column: 1 });
      this.#editor.revealLineInCenter(lineNumber);
    }
    await guest?.folders.reveal(path);
    this.#tree.select(path);
  }

  /** @returns false if there is no such file; what else is wrong with it has been said */
  async #openFile(path: string): Promise<boolean> {
    const { strings } = this.#context;
    const present = this.#open.find(path);
    if (present) {
      this.#show(present, true);
      return true;
    }
    const name = baseName(path);
    try {
      const content = await this.#guest?.files.read(path);
      if (content?.kind === 'text') this.#show(this.#open.find(path) ?? this.#open.add(path, content.text), true);
      else if (content?.kind === 'binary') this.#notify(fillTemplate(strings.binaryFile, { name }));
      else if (content?.kind === 'large') this.#notify(fillTemplate(strings.largeFile, { name, size: formatBytes(content.bytes), limit: formatBytes(maximumFileBytes) }));
      else if (content?.kind === 'missing') {
        await this.#guest?.folders.readAll();
        return false;
      }
    } catch (error) {
      this.#say(fillTemplate(strings.openFailed, { name, reason: '{reason}' }), error);
    }
    return true;
  }

  #show(document: Document, focus: boolean): void {
    if (this.#shown && this.#shown !== document) this.#shown.viewState = this.#editor.saveViewState();
    if (this.#shown !== document) {
      this.#shown = document;
      this.#editor.setModel(document.model);
      this.#editor.restoreViewState(document.viewState);
    }
    this.#tree.select(document.path);
    this.#render();
    if (focus) this.#editor.focus();
  }

  async #close(document: Document): Promise<void> {
    const { strings } = this.#context;
    const name = baseName(document.path);
    const ask = { title: strings.closeDirtyTitle, body: fillTemplate(strings.closeDirtyBody, { name }), confirm: strings.closeDirtyConfirm, cancel: strings.cancel, danger: true };
    if (this.#open.isDirty(document) && !(await askConfirm(ask))) return;
    const index = this.#open.list.indexOf(document);
    if (this.#shown === document) {
      this.#shown = undefined;
      this.#editor.setModel(null);
    }
    this.#open.close(document);
    const next = this.#open.list[Math.min(index, this.#open.list.length - 1)];
    if (next && !this.#shown) this.#show(next, true);
  }

  async #save(): Promise<void> {
    const { announcer, strings } = this.#context;
    const document = this.#shown;
    if (!document) return;
    const name = baseName(document.path);
    if (!this.#guest) return announcer.say(fillTemplate(strings.saveFailed, { name, reason: strings.waitingForMachine }));
    try {
      await this.#open.save(document, this.#guest.files);
      announcer.say(fillTemplate(strings.saved, { name }));
    } catch (error) {
      this.#say(fillTemplate(strings.saveFailed, { name, reason: '{reason}' }), error);
    }
  }

  #rename(): void {
    const node = this.#tree.selected;
    if (!node) return;
    this.#attempt(async ({ commands }) => {
      const path = await commands.rename(node);
      if (path === undefined) return;
      this.#open.moved(node.path, path);
      this.#tree.select(path);
    });
  }

  #remove(): void {
    const node = this.#tree.selected;
    if (!node) return;
    this.#attempt(async ({ commands, files }) => {
      if (!(await commands.remove(node))) return;
      for (const document of this.#open.list.filter(({ path }) => isWithin(path, node.path))) await this.#lookAt(document, files);
    });
  }

  #attempt(work: (guest: Guest) => Promise<void>): void {
    if (!this.#guest) return;
    work(this.#guest).catch((error: unknown) => this.#say(this.#context.strings.actionFailed, error));
  }

  async #lookAt(document: Document, files: GuestFiles): Promise<void> {
    try {
      await this.#open.lookAt(document, files);
    } catch (error) {
      if (this.#guest?.files === files) this.#say(fillTemplate(this.#context.strings.openFailed, { name: baseName(document.path), reason: '{reason}' }), error);
    }
  }

  /** Says a sentence whose `{reason}` is an error. */
  #say(template: string, error: unknown): void {
    this.#context.announcer.say(fillTemplate(template, { reason: describeError(error, this.#context.locale).why }));
  }

  #notify(text: string): void {
    this.#context.announcer.say(text);
  }

  #render(): void {
    const { strings } = this.#context;
    this.#tabs.render(this.#open, this.#shown);
    this.#host.hidden = this.#shown === undefined;
    this.#notice.textContent = this.#shown ? '' : this.#guest ? strings.editorEmpty : strings.waitingForMachine;
    this.#notice.hidden = this.#shown !== undefined;
    this.#renderBanner();
  }

  #renderBanner(): void {
    const { strings } = this.#context;
    const document = this.#shown;
    const conflict = document?.conflict;
    if (this.#banner.dataset['conflict'] === `${document?.path}:${conflict}`) return;
    this.#banner.dataset['conflict'] = `${document?.path}:${conflict}`;
    this.#banner.hidden = conflict === undefined;
    if (!document || conflict === undefined) return;
    const decide = (work: (files: GuestFiles) => Promise<void>) => () => this.#attempt(({ files }) => work(files));
    this.#banner.replaceChildren(
      h('span', {}, conflict === 'deleted' ? strings.diskDeleted : strings.diskChanged),
      ...(conflict === 'deleted' ? [] : [textButton(strings.reload, decide((files) => this.#open.takeDisk(document, files)))]),
      textButton(strings.keepMine, decide((files) => this.#open.keepMine(document, files))));
  }
}
