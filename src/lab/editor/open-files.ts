/** The files open in the editor: a Monaco model each, and what is known of the disk. */
import type { editor, IDisposable } from 'monaco-editor/editor/editor.api.js';
import { Emitter } from '../emitter.ts';
import { diskAction } from './disk-change.ts';
import type { GuestFiles } from './guest-files.ts';
import type { Monaco } from './monaco.ts';
import { isWithin, languageFor, movedPath } from './paths.ts';

export interface Document {
  path: string;
  readonly model: editor.ITextModel;
  /** See {@link diskAction}. */
  baseline: string | undefined;
  /** What the learner has to decide or know. */
  conflict: 'changed' | 'deleted' | undefined;
  /** Cursor and scroll position while another file is shown. */
  viewState: editor.ICodeEditorViewState | null;
}

export class OpenFiles {
  /** Something about the list or a file in it is new. */
  readonly changed = new Emitter<void>();
  readonly #monaco: Monaco;
  readonly #subscriptions = new Map<Document, IDisposable>();
  #documents: Document[] = [];

  constructor(monaco: Monaco) {
    this.#monaco = monaco;
  }

  get list(): readonly Document[] {
    return this.#documents;
  }

  find(path: string): Document | undefined {
    return this.#documents.find((document) => document.path === path);
  }

  add(path: string, text: string): Document {
    const firstLine = text.slice(0, 200).split('\n', 1)[0];
    const model = this.#monaco.editor.createModel(text, languageFor(path, firstLine));
    const document: Document = { path, model, baseline: text, conflict: undefined, viewState: null };
    this.#documents.push(document);
    this.#subscriptions.set(document, model.onDidChangeContent(() => this.changed.emit()));
    this.changed.emit();
    return document;
  }

  close(document: Document): void {
    this.#documents = this.#documents.filter((other) => other !== document);
    this.#subscriptions.get(document)?.dispose();
    this.#subscriptions.delete(document);
    document.model.dispose();
    this.changed.emit();
  }

  isDirty(document: Document): boolean {
    return textOf(document) !== document.baseline;
  }

  /** Writes the text into the guest; whatever was there is replaced. */
  async save(document: Document, files: GuestFiles): Promise<void> {
    const text = textOf(document);
    await files.write(document.path, text);
    document.baseline = text;
    document.conflict = undefined;
    this.changed.emit();
  }

  /** Compares an open file with the disk; takes the new text where nothing of the learner's is lost. */
  async lookAt(document: Document, files: GuestFiles): Promise<void> {
    const content = await files.read(document.path);
    // What cannot be shown any more (now binary or too large) is kept as the learner has it.
    if (content.kind === 'binary' || content.kind === 'large') return;
    const disk = content.kind === 'text' ? content.text : undefined;
    switch (diskAction({ baseline: document.baseline, text: textOf(document) }, disk)) {
      case 'none':
        return;
      case 'saved':
        document.baseline = disk;
        document.conflict = undefined;
        break;
      case 'reload':
        replace(document, disk ?? '');
        break;
      case 'conflict':
        document.conflict = 'changed';
        break;
      case 'deleted':
        document.baseline = undefined;
        document.conflict = 'deleted';
        break;
    }
    this.changed.emit();
  }

  /** Gives up the learner's text for that of the disk. */
  async takeDisk(document: Document, files: GuestFiles): Promise<void> {
    const content = await files.read(document.path);
    if (content.kind === 'text') replace(document, content.text);
    this.changed.emit();
  }

  /** The learner's text is the one to go on with; saving will replace that of the disk. */
  async keepMine(document: Document, files: GuestFiles): Promise<void> {
    const content = await files.read(document.path);
    document.baseline = content.kind === 'text' ? content.text : undefined;
    document.conflict = undefined;
    this.changed.emit();
  }

  /** Follows a renaming. */
  moved(from: string, to: string): void {
    for (const document of this.#documents) {
      if (!isWithin(document.path, from)) continue;
      document.path = movedPath(document.path, from, to);
      this.#monaco.editor.setModelLanguage(document.model, languageFor(document.path, document.model.getLineContent(1)));
    }
    this.changed.emit();
  }
}

/** With the byte order mark, if the file has one. */
function textOf({ model }: Document): string {
  return model.getValue(undefined, true);
}

/** As an edit, so that it can be undone and the cursor stays. */
function replace(document: Document, text: string): void {
  document.baseline = text;
  document.conflict = undefined;
  document.model.pushEditOperations([], [{ range: document.model.getFullModelRange(), text }], () => null);
}
