/** The tabs "Lesson" and "Lab" of a narrow window. The wide layout shows both and ignores the choice. */

export type View = 'lesson' | 'lab';

export interface ViewTabs {
  /** Shows a view, for example the lab when a code block is run. */
  show(view: View): void;
  /** Shows how far the learner is, on the tab of the lab. */
  setProgress(text: string): void;
}

/** Makes the tabs of the workbench work. */
export function attachViewTabs(workbench: HTMLElement): ViewTabs {
  const tabs: Record<View, HTMLElement | null> = {
    lesson: workbench.querySelector('#tab-lesson'),
    lab: workbench.querySelector('#tab-lab'),
  };
  const progress = workbench.querySelector<HTMLElement>('[data-tab-progress]');

  const show = (view: View): void => {
    workbench.dataset['view'] = view;
    for (const [name, tab] of Object.entries(tabs)) {
      tab?.setAttribute('aria-selected', String(name === view));
      if (tab) tab.tabIndex = name === view ? 0 : -1;
    }
  };

  for (const view of ['lesson', 'lab'] as const) {
    tabs[view]?.addEventListener('click', () => show(view));
    tabs[view]?.addEventListener('keydown', (event) => {
      if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
      event.preventDefault();
      const other: View = view === 'lesson' ? 'lab' : 'lesson';
      show(other);
      tabs[other]?.focus();
    });
  }
  return {
    show,
    setProgress(text) {
      if (progress) progress.textContent = text;
    },
  };
}
