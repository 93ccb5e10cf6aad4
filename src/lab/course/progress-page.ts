/** The progress page: shows what is done, saves it to a file, loads it from one, forgets it. */
import { type Completion, lessonCompletion, share, sumCompletion } from '../../checkers/completion.ts';
import { largestFile, readProgressFile, writeProgressFile } from '../../checkers/progress-file.ts';
import { type LessonProgress, ProgressStore } from '../../checkers/progress.ts';
import { DrydockError, errorInOneLine } from '../../shared/errors.ts';
import { fillTemplate } from '../../shared/locale.ts';
import { localeTags } from '../../site/i18n/index.ts';
import { askConfirm } from '../dialog.ts';
import { formatBytes } from '../machine/progress.ts';
import { progressStorage } from '../storage.ts';
import { showCertificate } from './certificate.ts';
import { type CourseData, readCourseData } from './data.ts';
import { KeptProgress, showWarnings } from './kept-progress.ts';

/** Fills the page's markup, src/site/components/CourseProgress.astro, and makes its buttons work. */
export function showProgressPage(host: HTMLElement): void {
  new ProgressPage(host, readCourseData()).show();
}

class ProgressPage {
  readonly #host: HTMLElement;
  readonly #data: CourseData;
  readonly #store = new ProgressStore(progressStorage());
  readonly #progress = new KeptProgress(this.#store);

  constructor(host: HTMLElement, data: CourseData) {
    this.#host = host;
    this.#data = data;
    const { strings } = data;
    this.#find('[data-actions]').hidden = false;
    this.#find('[data-certificate]').hidden = false;
    this.#find('[data-export]').addEventListener('click', () => this.#export());
    const file = host.querySelector<HTMLInputElement>('[data-file]');
    this.#find('[data-import]').addEventListener('click', () => file?.click());
    file?.addEventListener('change', () => {
      const [chosen] = file.files ?? [];
      // The same file again must be a change too.
      if (chosen) void this.#import(chosen).finally(() => (file.value = ''));
    });
    this.#find('[data-clear]').addEventListener('click', () => {
      void askConfirm({ title: strings.clearTitle, body: strings.clearBody, confirm: strings.clearConfirm, cancel: strings.cancel, danger: true }).then((yes) => yes && this.#clear());
    });
    // Another tab may go on with a lesson meanwhile.
    window.addEventListener('storage', () => this.show());
  }

  /** Shows what is stored now. */
  show(): void {
    const { modules, strings, locale } = this.#data;
    const date = new Intl.DateTimeFormat(localeTags[locale], { dateStyle: 'medium' });
    const load = (name: string): LessonProgress => this.#progress.load(name);
    const all = modules.map((module) => ({ module, lessons: module.lessons.map((lesson) => ({ lesson, completion: lessonCompletion(lesson, load) })) }));
    for (const { module, lessons } of all) {
      this.#mark(`[data-module="${module.id}"] [data-module-progress]`, sumCompletion(lessons.map(({ completion }) => completion)), date);
      for (const { lesson, completion } of lessons) this.#mark(`[data-lesson="${lesson.slug}"] [data-lesson-progress]`, completion, date);
    }
    const whole = sumCompletion(all.flatMap(({ lessons }) => lessons.map(({ completion }) => completion)));
    this.#find('[data-overall]').textContent = fillTemplate(strings.overall, share(whole));
    const hints = this.#names().reduce((sum, name) => sum + Object.values(load(name).hints).reduce((total, count) => total + count, 0), 0);
    showCertificate(this.#find('[data-certificate]'), { modules: all, strings, date, hints });
    this.#showWarnings();
  }

  /** Apart from what the buttons say, which would take their place. */
  #showWarnings(): void {
    showWarnings(this.#find('[data-warnings]'), this.#progress.warnings(this.#data.locale));
  }

  #mark(selector: string, completion: Completion, date: Intl.DateTimeFormat): void {
    const { strings } = this.#data;
    const { done, total } = share(completion);
    const mark = this.#host.querySelector<HTMLElement>(selector);
    if (!mark || total === 0) return;
    mark.dataset['state'] = done === total ? 'done' : 'open';
    if (completion.finished) mark.textContent = fillTemplate(strings.finishedOn, { date: date.format(completion.finished) });
    else mark.textContent = done === 0 ? strings.notBegun : fillTemplate(strings.progressOf, { done, total });
  }

  /** Every name under which progress of the course may be kept. */
  #names(): string[] {
    const names = this.#data.modules.flatMap(({ lessons }) => lessons.flatMap(({ exercise, quiz }) => [exercise, quiz]));
    return [...new Set(names.filter((name) => name !== undefined))];
  }

  #export(): void {
    const now = new Date();
    const lessons: Record<string, LessonProgress> = {};
    for (const name of this.#names()) {
      const progress = this.#progress.load(name);
      if (!isEmpty(progress)) lessons[name] = progress;
    }
    this.#showWarnings();
    const { blocked } = this.#progress;
    if (blocked) {
      // The file would have nothing in it, and seem to be all that there is.
      this.#say(fillTemplate(this.#data.strings.notExported, { reason: errorInOneLine(blocked, this.#data.locale) }), 'error');
      return;
    }
    const file = `drydock-${now.toISOString().slice(0, 10)}.json`;
    const url = URL.createObjectURL(new Blob([writeProgressFile(lessons, now)], { type: 'application/json' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = file;
    link.click();
    // The download has its own hold on the data once it began.
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    this.#say(fillTemplate(this.#data.strings.exported, { file }));
  }

  async #import(file: File): Promise<void> {
    const { strings, locale } = this.#data;
    try {
      if (file.size > largestFile) throw new DrydockError('progress-file-invalid', { file: file.name, reason: fillTemplate(strings.importTooLarge, { size: formatBytes(file.size), limit: formatBytes(largestFile) }) });
      const lessons = readProgressFile(file.name, await file.text());
      for (const [name, progress] of Object.entries(lessons)) this.#store.merge(name, progress);
      this.show();
      this.#say(fillTemplate(strings.imported, { file: file.name }));
    } catch (error) {
      this.#say(errorInOneLine(error, locale), 'error');
    }
  }

  #clear(): void {
    try {
      for (const name of this.#names()) this.#store.clear(name);
      this.#progress.forget();
      this.show();
      this.#say(this.#data.strings.cleared);
    } catch (error) {
      this.#say(errorInOneLine(error, this.#data.locale), 'error');
    }
  }

  #say(text: string, tone: 'plain' | 'error' = 'plain'): void {
    const status = this.#find('[data-status]');
    status.dataset['tone'] = tone;
    status.textContent = text;
  }

  #find(selector: string): HTMLElement {
    const element = this.#host.querySelector<HTMLElement>(selector);
    if (!element) throw new TypeError(`The progress page has no ${selector}`);
    return element;
  }
}

function isEmpty({ done, hints, answered, tries }: LessonProgress): boolean {
  return [done, hints, answered, tries].every((record) => Object.keys(record ?? {}).length === 0);
}
