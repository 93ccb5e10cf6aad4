/**
 * Only with `npm run dev`: what an author saves is put into the open page, and machine, terminals and editor stay as they are.
 *
 * src/site/lib/hot-lessons.ts adds this to every page of the development server, and sends it what Vite would have loaded the
 * page anew for.
 */
import { readPageData } from '../page-data.ts';
import { type Change, changeEvents, needsNewPage } from './change.ts';
import { reload, tellBroken, tellReload } from './notice.ts';
import { swapLesson } from './swap.ts';

type Hot = NonNullable<ImportMeta['hot']>;

const waitMilliseconds = 200;
const hasLab = document.querySelector('drydock-lab') !== null && document.querySelector('#lesson') !== null;

/** The server has said that it will be back. */
let restarting = false;
/** Changes since the page was last fetched. */
let waiting: string[] | undefined;
let busy = false;

tellReload();
if (import.meta.hot) listen(import.meta.hot);

function listen(hot: Hot): void {
  hot.on(changeEvents.changed, ({ shown, program }: Change) => {
    if (!hasLab) location.reload();
    else if (program.length > 0) reload('program', program);
    else void show(shown);
  });
  hot.on(changeEvents.restarting, () => (restarting = true));
  hot.on('vite:ws:disconnect', () => {
    if (!hasLab) return undefined;
    if (restarting) {
      void reconnect();
      // Vite loads the page anew once its listeners are done with it.
      return new Promise(() => {});
    }
    return undefined;
  });
}

/** One page at a time is fetched; what changes meanwhile is in the next one. */
async function show(files: readonly string[]): Promise<void> {
  waiting = [...(waiting ?? []), ...files];
  if (busy) return;
  busy = true;
  try {
    while (waiting !== undefined) {
      const saved = [...new Set(waiting)];
      waiting = undefined;
      await fetchAndSwap(saved);
    }
  } finally {
    busy = false;
  }
}

async function fetchAndSwap(files: readonly string[]): Promise<void> {
  const response = await fetch(location.href, { cache: 'no-store' });
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  if (!response.ok) {
    tellBroken();
    return;
  }
  // What Vite showed over the page was mended.
  for (const overlay of document.querySelectorAll('vite-error-overlay')) overlay.remove();
  if (page.querySelector('#lesson') === null || page.querySelector('#drydock-lab-data') === null) {
    reload('exercise');
    return;
  }
  const reason = needsNewPage(readPageData(), readPageData(page));
  if (reason !== undefined) reload(reason);
  else if (await swapLesson(page)) console.info(`[drydock] The page shows ${files.join(', ') || 'what was saved'}; the machine runs on.`);
}

/** Waits for the server, shows the page as it is now, and listens to Vite's client again, which serves one connection only. */
async function reconnect(): Promise<void> {
  const client = `${import.meta.env.BASE_URL.replace(/\/?$/, '/')}@vite/client`;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, waitMilliseconds));
    if (await fetch(client, { cache: 'no-store' }).then(({ ok }) => ok, () => false)) break;
  }
  restarting = false;
  const vite = (await import(/* @vite-ignore */ `${client}?since=${Date.now()}`)) as { createHotContext(owner: string): Hot };
  listen(vite.createHotContext('/@drydock/dev'));
  await show(['content/course.yaml']);
}
