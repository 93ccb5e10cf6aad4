/**
 * One quiz: its questions check themselves against what the page says is right, explain the answer that was chosen, and
 * may be tried again. Right answers are kept with the lesson's progress.
 */
import { sameAnswer, sameChoice, sameOrder } from '../../checkers/quiz-answers.ts';
import { describeError, errorInOneLine } from '../../shared/errors.ts';
import { fillTemplate, type Locale } from '../../shared/locale.ts';
import type { QuizStrings } from '../../site/i18n/quiz.ts';
import { h } from '../dom.ts';
import { progressStorage } from '../storage.ts';
import { attachOrder } from './order.ts';

export type { QuizStrings };

/** What is said of an answer, and whether it is right. */
interface Verdict {
  right: boolean;
  /** In place of “not quite”. */
  headline?: string;
  /** Explanations to copy from the page. */
  whys: (Node | undefined)[];
}

export class Quiz {
  readonly #host: HTMLElement;
  readonly #name: string;
  readonly #locale: Locale;
  readonly #strings: QuizStrings;

  constructor(host: HTMLElement, name: string, locale: Locale, strings: QuizStrings) {
    this.#host = host;
    this.#name = name;
    this.#locale = locale;
    this.#strings = strings;
    for (const form of this.#questions()) this.#bring(form);
  }

  /** Marks what was answered right earlier. */
  async showKept(): Promise<void> {
    // Without any progress the schemas that read it are not needed.
    try {
      if (progressStorage().getItem(`drydock:progress:${this.#name}`) === null) return;
    } catch {
      return;
    }
    const { progress: { answered = {} }, warning } = (await this.#store()).load(this.#name);
    // It is put aside by being read, so whoever reads it first tells the learner.
    if (warning) this.#host.prepend(h('p', { role: 'alert' }, errorInOneLine(warning, this.#locale)));
    for (const form of this.#questions()) if ((form.dataset['question'] ?? '') in answered) this.#mark(form, true);
  }

  #questions(): HTMLFormElement[] {
    return [...this.#host.querySelectorAll<HTMLFormElement>('form[data-question]')];
  }

  #bring(form: HTMLFormElement): void {
    const order = form.querySelector<HTMLOListElement>('ol[data-order]');
    if (order) attachOrder(order, this.#strings, (text) => this.#say(form, text));
    for (const hidden of form.querySelectorAll<HTMLElement>('[data-field], .dd-quiz-check')) hidden.hidden = false;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const verdict = judge(form, this.#strings);
      if (verdict === undefined) {
        this.#say(form, this.#strings.nothing);
        return;
      }
      this.#show(form, verdict);
      void this.#keep(form, verdict.right);
    });
  }

  #show(form: HTMLFormElement, { right, headline, whys }: Verdict): void {
    const said = form.querySelector<HTMLElement>('[data-said]');
    if (!said) return;
    said.dataset['tone'] = right ? 'right' : 'wrong';
    const texts = whys.filter((why) => why !== undefined).map((why) => h('p', {}, why));
    said.replaceChildren(h('p', { class: 'dd-question-verdict' }, right ? this.#strings.right : (headline ?? this.#strings.wrong)), ...texts);
    if (right) this.#mark(form, true);
  }

  #say(form: HTMLFormElement, text: string): void {
    const said = form.querySelector<HTMLElement>('[data-said]');
    if (!said) return;
    said.dataset['tone'] = 'plain';
    said.replaceChildren(h('p', {}, text));
  }

  #mark(form: HTMLFormElement, right: boolean): void {
    form.dataset['state'] = right ? 'done' : 'open';
    const state = form.querySelector('[data-question-state]');
    if (state) state.textContent = right ? this.#strings.done : this.#strings.open;
  }

  async #keep(form: HTMLFormElement, right: boolean): Promise<void> {
    try {
      (await this.#store()).markAnswered(this.#name, form.dataset['question'] ?? '', right, new Date());
    } catch (error) {
      form.querySelector('[data-said]')?.append(h('p', {}, fillTemplate(this.#strings.notSaved, { reason: describeError(error, this.#locale).why })));
    }
  }

  async #store(): Promise<import('../../checkers/progress.ts').ProgressStore> {
    const { ProgressStore } = await import('../../checkers/progress.ts');
    return new ProgressStore(progressStorage());
  }
}

/** @returns undefined if there is no answer yet */
function judge(form: HTMLFormElement, strings: QuizStrings): Verdict | undefined {
  const copy = (selector: string): Node | undefined => contentOf(form.querySelector(selector));
  const field = form.querySelector<HTMLInputElement>('[data-field]');
  if (field) return judgeText(form, field, copy);
  const order = form.querySelector<HTMLOListElement>('ol[data-order]');
  if (order) {
    const right = sameOrder(JSON.parse(order.dataset['order'] ?? '[]') as string[], [...order.children].map((item) => (item as HTMLElement).dataset['item'] ?? ''));
    return { right, whys: [copy(right ? '[data-why-right]' : '[data-otherwise]')] };
  }
  const inputs = [...form.querySelectorAll<HTMLInputElement>('fieldset input')];
  const chosen = inputs.filter(({ checked }) => checked).map(({ value }) => value);
  if (chosen.length === 0) return undefined;
  const wanted = inputs.filter((input) => input.dataset['right'] !== undefined).map(({ value }) => value);
  const right = sameChoice(wanted, chosen);
  const wrong = chosen.filter((id) => !wanted.includes(id));
  // Whoever chose wrongly is told why; whoever only missed some is not told which.
  const explained = right ? chosen : wrong;
  return { right, ...(wrong.length === 0 && { headline: strings.some }), whys: explained.map((id) => copy(`[data-why="${CSS.escape(id)}"]`)) };
}

function judgeText(form: HTMLFormElement, field: HTMLInputElement, copy: (selector: string) => Node | undefined): Verdict | undefined {
  if (field.value.trim() === '') return undefined;
  const fits = (answers: string | undefined): boolean => (JSON.parse(answers ?? '[]') as string[]).some((answer) => sameAnswer(answer, field.value));
  if (fits(field.dataset['accept'])) return { right: true, whys: [copy('[data-why-right]')] };
  const mistake = [...form.querySelectorAll<HTMLTemplateElement>('template[data-mistake]')].find((template) => fits(template.dataset['mistake']));
  return { right: false, whys: [mistake ? contentOf(mistake) : copy('[data-otherwise]')] };
}

/** A copy of what is in an element, code included. */
function contentOf(element: Element | null): Node | undefined {
  if (element === null) return undefined;
  if (element instanceof HTMLTemplateElement) return element.content.cloneNode(true);
  const fragment = document.createDocumentFragment();
  fragment.append(...[...element.childNodes].map((node) => node.cloneNode(true)));
  return fragment;
}
