/**
 * The lesson page's first script: small, all that the text needs and what starts the machine. The lab itself (terminals, engine,
 * checkers) is loaded when its column comes into sight, or when the text runs or opens something in it.
 */
import { followCodeRegions } from './code-regions.ts';
import { attachRunButtons } from './code-run.ts';
import { h, textButton } from './dom.ts';
import { attachHelpKey } from './help.ts';
import type { Lab, LabOptions } from './lab.ts';
import { attachReadingKeys } from './layout/reading-keys.ts';
import { embedRange, lessonRange } from './layout/split-model.ts';
import { attachSplitter } from './layout/splitter.ts';
import { attachViewTabs } from './layout/view-tabs.ts';
import { onLessonNodes } from './lesson-nodes.ts';
import { begin } from './machine/begin.ts';
import { attachOpenButtons } from './open/buttons.ts';
import { attachPalette } from './palette.ts';
import { readPageData } from './page-data.ts';

class DrydockLab extends HTMLElement {
  #lab: Promise<Lab> | undefined;

  connectedCallback(): void {
    const workbench = this.closest<HTMLElement>('#workbench');
    const lesson = workbench?.querySelector<HTMLElement>('#lesson');
    const column = this.closest<HTMLElement>('#lab');
    const handle = workbench?.querySelector<HTMLElement>('#lesson-splitter');
    if (!workbench || !lesson || !column || !handle) throw new TypeError('The lab stands outside of its workbench');
    const data = readPageData();
    const { strings } = data;
    const views = attachViewTabs(workbench);
    const embedded = document.body.classList.contains('dd-embed');
    attachSplitter({ handle, space: workbench, property: '--dd-lesson-share', ...(embedded ? { name: 'embed', range: embedRange } : { name: 'lesson', range: lessonRange }) });
    attachReadingKeys(lesson);
    attachHelpKey(strings, data.locale);
    attachPalette(strings);

    const load = (): Promise<Lab> => {
      this.#lab ??= this.#load({ data, lesson, views });
      this.#lab.catch((error: unknown) => {
        // Most likely the site was updated while this page was open: its parts are then to be had by a reload only.
        console.error(error);
        this.replaceChildren(h('div', { class: 'dd-boot-card dd-error-card', role: 'alert' }, h('h2', {}, strings.unexpectedTitle), h('p', {}, String(error)), textButton(strings.retry, () => location.reload(), { class: 'dd-button dd-primary' })));
      });
      return this.#lab;
    };
    const inLab = (act: (lab: Lab) => void): void => {
      views.show('lab');
      void load().then(act, () => {});
    };
    onLessonNodes((gone) => {
      followCodeRegions(lesson, gone);
      attachRunButtons(lesson, strings, (code) => inLab((lab) => lab.run(code)));
      attachOpenButtons(lesson, strings, (target) => inLab((lab) => lab.open(target)));
    });
    document.querySelector('[data-skip-lesson]')?.addEventListener('click', () => views.show('lesson'));
    document.querySelector('[data-skip-lab]')?.addEventListener('click', () => views.show('lab'));
    new IntersectionObserver((entries, observer) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      load().catch(() => {});
    }).observe(column);
  }

  async #load(page: Pick<LabOptions, 'data' | 'lesson' | 'views'>): Promise<Lab> {
    // An embedded lab may wait for its button.
    const begun = await begin(page.data, document.documentElement.dataset['start'] === 'click');
    const { createLab } = await import('./lab.ts');
    return createLab(this, { ...page, ...begun });
  }
}

customElements.define('drydock-lab', DrydockLab);
