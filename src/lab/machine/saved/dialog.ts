/** The list of saved machines: save, restore, take to a file and from one, delete. */
import { describeError, errorInOneLine } from '../../../shared/errors.ts';
import { fillTemplate } from '../../../shared/locale.ts';
import type { LabContext } from '../../context.ts';
import { askConfirm, openDialog } from '../../dialog.ts';
import { allow, h, textButton } from '../../dom.ts';
import { codeText } from '../../tasks/code-nodes.ts';
import { formatBytes } from '../progress.ts';
import { longestName, sessionFileName, type SavedSession, writeSessionFile } from './file.ts';
import type { SessionKeeper } from './keeper.ts';
import type { UnreadableSession } from './store.ts';
import { savedName, savedWhen } from './words.ts';

/** Opens the list, until the learner closes it or restores a machine. */
export function showSessions(context: LabContext, keeper: SessionKeeper, lessonUrl: (page: string) => string): void {
  new SessionDialog(context, keeper, lessonUrl);
}

class SessionDialog {
  readonly #context: LabContext;
  readonly #keeper: SessionKeeper;
  readonly #lessonUrl: (page: string) => string;
  readonly #dialog: ReturnType<typeof openDialog>;
  readonly #name: HTMLInputElement;
  readonly #buttons: HTMLButtonElement[];
  readonly #status = h('p', { class: 'dd-session-status', role: 'status', 'data-testid': 'session-status' });
  readonly #problem = h('div', { class: 'dd-session-problem', role: 'alert', 'data-testid': 'session-error' });
  readonly #trouble = h('div', { class: 'dd-session-problem', 'data-testid': 'session-trouble' });
  readonly #list = h('ul', { class: 'dd-sessions', 'data-testid': 'session-list' });
  /** A machine is being taken. */
  #busy = false;
  #gone = false;

  constructor(context: LabContext, keeper: SessionKeeper, lessonUrl: (page: string) => string) {
    const { strings, session } = context;
    this.#context = context;
    this.#keeper = keeper;
    this.#lessonUrl = lessonUrl;
    this.#dialog = openDialog(strings.sessionsTitle);
    this.#dialog.element.classList.add('dd-wide');
    this.#name = h('input', { type: 'text', maxlength: longestName, autocomplete: 'off', id: 'dd-session-name', 'data-testid': 'session-name' });
    const save = h('button', { type: 'submit', class: 'dd-button dd-primary', 'data-testid': 'session-save' }, strings.sessionSave);
    const toFile = textButton(strings.sessionExport, () => void this.#saveToFile(), { 'data-testid': 'session-to-file' });
    this.#buttons = [save, toFile];
    const file = h('input', { type: 'file', accept: '.drydock', hidden: true, 'data-testid': 'session-file' });
    file.addEventListener('change', () => {
      const [chosen] = file.files ?? [];
      // The same file again must be a change too.
      if (chosen) void this.#import(chosen).finally(() => (file.value = ''));
    });
    this.#dialog.form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (this.#maySave) void this.#save();
    });
    const notYet = h('p', { class: 'dd-session-note' }, strings.sessionNotYet);
    this.#dialog.form.append(
      h('p', {}, strings.sessionsIntro),
      h('div', { class: 'dd-session-new' }, h('label', { for: 'dd-session-name' }, strings.sessionName), this.#name, save, toFile),
      notYet, this.#trouble, this.#status, this.#problem, this.#list, file,
      h('div', { class: 'dd-dialog-actions' },
        textButton(strings.sessionImport, () => file.click(), { 'data-testid': 'session-import' }),
        textButton(strings.close, () => this.#dialog.element.close(), { autofocus: true })));
    const ends = [
      session.onState(() => {
        notYet.hidden = keeper.canSave;
        this.#allowSaving();
      }),
      keeper.onTrouble((trouble) => this.#trouble.replaceChildren(...(trouble === undefined ? [] : [h('p', {}, strings.sessionTrouble), ...problemText(trouble, context)]))),
    ];
    void this.#dialog.closed(() => {
      this.#gone = true;
      for (const end of ends) end();
    });
    void this.#try(() => this.#show());
  }

  async #show(): Promise<void> {
    const { sessions, unreadable } = await this.#keeper.store.list();
    const { strings } = this.#context;
    const entries = [...sessions.map((session) => this.#entry(session)), ...unreadable.map((session) => this.#unreadableEntry(session))];
    this.#list.replaceChildren(...(entries.length === 0 ? [h('li', { class: 'dd-session-none' }, strings.sessionNone)] : entries));
  }

  #unreadableEntry({ id, name: itsName }: UnreadableSession): HTMLElement {
    const { strings } = this.#context;
    const name = itsName ?? strings.sessionUnreadableName;
    return h('li', { 'data-session': id, 'data-kind': 'unreadable' },
      h('p', { class: 'dd-session-name' }, name),
      h('p', { class: 'dd-session-note' }, strings.sessionUnreadable),
      h('div', { class: 'dd-session-actions' }, this.#deleteButton(id, name)));
  }

  #entry(session: SavedSession): HTMLElement {
    const { locale, strings } = this.#context;
    const { title, page, kind } = session;
    const name = savedName(session, strings);
    const date = savedWhen(session, locale);
    const meta = fillTemplate(strings.sessionMeta, { date, size: formatBytes(session.bytes) });
    const ofThisImage = this.#keeper.isOfThisImage(session.imageId);
    const fits = this.#keeper.fits(session);
    return h('li', { 'data-session': session.id, 'data-kind': kind },
      h('p', { class: 'dd-session-name' }, name),
      h('p', { class: 'dd-session-note' }, meta),
      !ofThisImage && h('p', { class: 'dd-session-note' }, strings.sessionOtherImage),
      ofThisImage && !fits && h('p', { class: 'dd-session-note' }, `${fillTemplate(strings.sessionOtherLesson, { title })} `, h('a', { href: this.#lessonUrl(page) }, strings.sessionOpenLesson)),
      h('div', { class: 'dd-session-actions' },
        fits && textButton(strings.sessionRestore, () => void this.#restore(session), { 'aria-label': fillTemplate(strings.sessionRestoreOf, { name }) }),
        textButton(strings.sessionExport, () => void this.#try(async () => this.#download(session, await this.#keeper.store.image(session.id))), { 'aria-label': fillTemplate(strings.sessionExportOf, { name }) }),
        this.#deleteButton(session.id, name)));
  }

  #deleteButton(id: string, name: string): HTMLButtonElement {
    const { strings } = this.#context;
    return textButton(strings.delete, () => void this.#delete(id, name), { 'aria-label': fillTemplate(strings.sessionDeleteOf, { name }) });
  }

  #save(): Promise<void> {
    return this.#try(async () => {
      const session = await this.#whileBusy(() => this.#keeper.keep(this.#name.value));
      // Asked only of those who save by hand: some browsers put the question to them, and wait for the answer.
      void navigator.storage?.persist?.().catch(() => false);
      this.#say(fillTemplate(this.#context.strings.sessionSaved, { name: session.name, size: formatBytes(session.bytes) }));
      this.#name.value = '';
      await this.#show();
    });
  }

  #saveToFile(): Promise<void> {
    return this.#try(async () => {
      const { session, image } = await this.#whileBusy(() => this.#keeper.make(this.#name.value));
      this.#download(session, image);
    });
  }

  async #whileBusy<T>(work: () => Promise<T>): Promise<T> {
    this.#status.textContent = this.#context.strings.sessionSaving;
    this.#busy = true;
    this.#allowSaving();
    try {
      return await work();
    } finally {
      this.#busy = false;
      this.#allowSaving();
    }
  }

  get #maySave(): boolean {
    return this.#keeper.canSave && !this.#busy;
  }

  #allowSaving(): void {
    for (const button of this.#buttons) allow(button, this.#maySave);
  }

  #download(session: SavedSession, image: Blob): void {
    const file = sessionFileName(session);
    const url = URL.createObjectURL(writeSessionFile(session, image));
    h('a', { href: url, download: file }).click();
    // The download has its own hold on the data once it began.
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    this.#say(fillTemplate(this.#context.strings.sessionExported, { file }));
  }

  #import(file: File): Promise<void> {
    return this.#try(async () => {
      const { name } = await this.#keeper.import(file);
      this.#say(fillTemplate(this.#context.strings.sessionImported, { name }));
      await this.#show();
    });
  }

  async #restore(saved: SavedSession): Promise<void> {
    const { announcer, locale, strings, session } = this.#context;
    const name = savedName(saved, strings);
    const running = session.state.kind !== 'idle' && session.state.kind !== 'stopped';
    if (running && !(await askConfirm({ title: fillTemplate(strings.sessionRestoreTitle, { name }), body: strings.sessionRestoreBody, confirm: strings.sessionRestore, cancel: strings.cancel, danger: true }))) return;
    await this.#try(async () => {
      const { warning } = await this.#keeper.restore(saved);
      this.#dialog.element.close();
      if (warning) announcer.say(errorInOneLine(warning, locale));
    });
  }

  async #delete(id: string, name: string): Promise<void> {
    const { strings } = this.#context;
    if (!(await askConfirm({ title: fillTemplate(strings.sessionDeleteTitle, { name }), body: strings.sessionDeleteBody, confirm: strings.delete, cancel: strings.cancel, danger: true }))) return;
    await this.#try(async () => {
      await this.#keeper.store.delete(id);
      this.#say(fillTemplate(strings.sessionDeleted, { name }));
      await this.#show();
      // The button that had the focus is gone.
      this.#name.focus();
    });
  }

  async #try(work: () => Promise<void>): Promise<void> {
    this.#problem.replaceChildren();
    try {
      await work();
    } catch (error) {
      this.#status.textContent = '';
      if (this.#gone) this.#say(errorInOneLine(error, this.#context.locale));
      else this.#problem.replaceChildren(...problemText(error, this.#context));
    }
  }

  /** How it ended. Who has closed the list meanwhile is told all the same. */
  #say(text: string): void {
    if (this.#gone) this.#context.announcer.say(text);
    else this.#status.textContent = text;
  }
}

/** What happened, why, and what to do. */
function problemText(error: unknown, { locale }: LabContext): HTMLElement[] {
  const { title, why, action, code } = describeError(error, locale);
  return [h('p', {}, h('strong', {}, title), ' ', h('span', { class: 'dd-error-code', translate: 'no' }, code)), h('p', {}, ...codeText(why)), h('p', {}, ...codeText(action))];
}
