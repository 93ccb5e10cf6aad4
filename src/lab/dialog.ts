/** Questions to the learner, as native dialogs: the focus stays inside and Escape means no. */
import { h, textButton } from './dom.ts';
import type { Strings } from './page-data.ts';

interface ConfirmOptions {
  title: string;
  body: string;
  confirm: string;
  cancel: string;
  /** The deed destroys something. */
  danger?: boolean;
}

/** Asks for a yes. Closing the dialog in any other way is a no. */
export async function askConfirm({ title, body, confirm, cancel, danger = false }: ConfirmOptions): Promise<boolean> {
  return (await askChoice({ title, body: [body], choices: [{ value: 'yes', text: confirm, danger }], cancel })) === 'yes';
}

interface Choice<Value extends string> {
  value: Value;
  text: string;
  /** It destroys something. */
  danger?: boolean;
}

interface ChoiceOptions<Value extends string> {
  title: string;
  /** Paragraphs. */
  body: readonly string[];
  choices: readonly Choice<Value>[];
  cancel: string;
}

/** Asks which of several things to do. @returns `undefined` if none: the dialog was closed in another way */
export function askChoice<Value extends string>({ title, body, choices, cancel }: ChoiceOptions<Value>): Promise<Value | undefined> {
  const dialog = openDialog(title);
  const buttons = choices.map(({ value, text, danger }) => h('button', { type: 'submit', class: danger ? 'dd-button dd-danger' : 'dd-button dd-primary', value }, text));
  dialog.form.append(
    ...body.map((text) => h('p', {}, text)),
    h('div', { class: 'dd-dialog-actions' }, textButton(cancel, () => dialog.element.close(), { autofocus: true }), ...buttons),
  );
  return dialog.closed((returned) => choices.find(({ value }) => value === returned)?.value);
}

interface AskNameOptions {
  title: string;
  initial: string;
  /** What is wrong with a name, or `undefined` if it will do. */
  validate(name: string): string | undefined;
  strings: Strings;
}

/** Asks for a name. @returns `undefined` if the learner thought better of it */
export function askName(options: AskNameOptions): Promise<string | undefined> {
  const { strings } = options;
  const dialog = openDialog(options.title);
  const problem = h('p', { class: 'dd-field-error', role: 'alert', id: 'dd-name-error' });
  const input = h('input', {
    type: 'text', value: options.initial, 'aria-label': options.title, 'aria-describedby': 'dd-name-error',
    autofocus: true, autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false',
  });
  dialog.form.append(
    input,
    problem,
    h('div', { class: 'dd-dialog-actions' },
      textButton(strings.cancel, () => dialog.element.close()),
      h('button', { type: 'submit', class: 'dd-button dd-primary' }, strings.ok)),
  );
  let name: string | undefined;
  dialog.form.addEventListener('submit', (event) => {
    const trouble = options.validate(input.value);
    if (trouble === undefined) {
      name = input.value;
      return;
    }
    event.preventDefault();
    problem.textContent = trouble;
    input.setAttribute('aria-invalid', 'true');
  });
  const end = options.initial.lastIndexOf('.');
  input.setSelectionRange(0, end > 0 ? end : options.initial.length);
  return dialog.closed(() => name);
}

/** Opens an empty modal dialog; it is removed when closed. */
export function openDialog(title: string): {
  element: HTMLDialogElement;
  form: HTMLFormElement;
  closed<T>(result: (returnValue: string) => T): Promise<T>;
} {
  // One dialog may ask for another.
  const id = `dd-dialog-title-${document.querySelectorAll('dialog.dd-dialog').length}`;
  const form = h('form', { method: 'dialog' }, h('h2', { id }, title));
  const element = h('dialog', { class: 'dd-dialog', 'aria-labelledby': id }, form);
  document.body.append(element);
  // Opened a moment later, when the caller has filled it, so that `autofocus` finds its element.
  queueMicrotask(() => element.showModal());
  return {
    element,
    form,
    closed: (result) =>
      new Promise((resolve) => {
        element.addEventListener('close', () => {
          element.remove();
          resolve(result(element.returnValue));
        }, { once: true });
      }),
  };
}
