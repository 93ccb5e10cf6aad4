/** Puts the lesson of a page that was fetched into the page that is open; the lab beside it is not touched. */
import { h } from '../dom.ts';
import { renewLessonNodes } from '../lesson-nodes.ts';

const dataSelector = '#drydock-lab-data';

/** @returns whether anything is to be seen of it */
export async function swapLesson(next: Document): Promise<boolean> {
  const lesson = document.querySelector<HTMLElement>('#lesson');
  const nextLesson = next.querySelector<HTMLElement>('#lesson');
  if (!lesson || !nextLesson) throw new TypeError('A lesson page without #lesson');
  swapStyles(next);
  await Promise.all([lesson, nextLesson].map(holdStyleSheets));
  const text = nextLesson.innerHTML + (next.querySelector(dataSelector)?.textContent ?? '');
  if (text === shown) return false;
  shown = text;
  document.title = next.title;
  const data = document.querySelector(dataSelector);
  if (data) data.textContent = next.querySelector(dataSelector)?.textContent ?? '';
  swapSidebar(next);

  const scripts = moduleScripts(next);
  const opened = openDetails(lesson);
  const { scrollTop } = lesson;
  const { scrollY } = window;
  lesson.replaceChildren(...nextLesson.childNodes);
  for (const [key, details] of keyedDetails(lesson)) details.open = opened.has(key);
  runNew(scripts);
  renewLessonNodes();
  lesson.scrollTo({ top: scrollTop, behavior: 'instant' });
  window.scrollTo({ top: scrollY, behavior: 'instant' });
  return true;
}

/** What was put in last. A change is told several times: the text is there before the store of all pages has it. */
let shown: string | undefined;

/** Hints and solutions by what holds them and their number in it, which stay the same while a text is written. */
function keyedDetails(lesson: HTMLElement): Map<string, HTMLDetailsElement> {
  const found = new Map<string, HTMLDetailsElement>();
  const counts = new Map<string, number>();
  for (const details of lesson.querySelectorAll('details')) {
    const holder = details.closest<HTMLElement>('[id]')?.id ?? '';
    const count = counts.get(holder) ?? 0;
    counts.set(holder, count + 1);
    found.set(`${holder} ${count}`, details);
  }
  return found;
}

function openDetails(lesson: HTMLElement): Set<string> {
  return new Set([...keyedDetails(lesson)].flatMap(([key, details]) => (details.open ? [key] : [])));
}

/** The list of lessons, where a title or the course has changed: it keeps what is folded open as long as it may. */
function swapSidebar(next: Document): void {
  const list = document.querySelector('.sidebar-content');
  const nextList = next.querySelector('.sidebar-content');
  if (list && nextList && list.textContent !== nextList.textContent) list.replaceChildren(...nextList.childNodes);
}

/** Vite changes the style sheets that the page's modules import; here are those that came with a new component. */
function swapStyles(next: Document): void {
  for (const style of next.querySelectorAll<HTMLElement>('head style[data-vite-dev-id]')) {
    const id = style.dataset['viteDevId'] ?? '';
    const old = document.querySelector(`style[data-vite-dev-id="${CSS.escape(id)}"]`);
    if (!old) document.head.append(style);
    else if (old.textContent !== style.textContent) old.textContent = style.textContent;
  }
}

/** Style sheets within the text are held in the head as well: without them for a moment, the text would move. */
async function holdStyleSheets(lesson: HTMLElement): Promise<void> {
  const loaded = [...lesson.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')].flatMap((link) => {
    const href = link.getAttribute('href') ?? '';
    if (document.head.querySelector(`link[rel="stylesheet"][href="${CSS.escape(href)}"]`)) return [];
    const held = h('link', { rel: 'stylesheet', href });
    document.head.append(held);
    return new Promise<void>((resolve) => {
      for (const type of ['load', 'error']) held.addEventListener(type, () => resolve());
    });
  });
  await Promise.all(loaded);
}

/** Scripts that run in this page, by the address as it is written. */
const running = new Set(moduleScripts(document));

/** Of building blocks that the lesson did not have before. A script that was parsed for another document does not run by itself. */
function runNew(scripts: readonly string[]): void {
  for (const src of scripts) {
    if (running.has(src)) continue;
    running.add(src);
    document.head.append(h('script', { type: 'module', src }));
  }
}

function moduleScripts(page: Document): string[] {
  return [...page.querySelectorAll('script[type="module"][src]')].flatMap((script) => script.getAttribute('src') ?? []);
}
