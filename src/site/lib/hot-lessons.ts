/**
 * `npm run dev` without losing the machine: where Vite would load the page anew for a lesson that was saved, the page is told
 * instead, and puts the text in by itself (src/lab/dev). Nothing of it is in the site that is built.
 */
import { relative } from 'node:path';
import type { AstroIntegration } from 'astro';
import { courseFile } from '../../checkers/course.ts';
import { type Change, changeEvents } from '../../lab/dev/change.ts';

/** The parts of Vite that are used; Vite itself is no dependency of ours. */
interface Payload {
  type?: string;
  event?: string;
  data?: unknown;
}

interface HotChannel {
  send(payload: Payload | string, data?: unknown): void;
}

export interface DevServer {
  environments: Readonly<Record<string, { hot: HotChannel }>>;
  watcher: { on(event: 'change', listener: (file: string) => void): unknown };
}

interface HotPlugin {
  name: string;
  apply: 'serve';
  configureServer(server: DevServer): void;
  hotUpdate: { order: 'pre'; handler(update: { file: string; timestamp: number; modules: readonly unknown[] }): void };
}

/** What Astro tells its own environments before it has every page loaded anew, because the store of all lessons was written. */
const storeEvent = 'astro:content-changed';

/** Scripts with packages of their own that no page imports, so that Vite does not see them when it looks for packages. */
const workers = ['src/emulator/worker.ts'];

export function hotLessons(): AstroIntegration {
  let restarted = false;
  return {
    name: 'drydock-hot-lessons',
    hooks: {
      'astro:config:setup': ({ command, config, injectScript, isRestart, updateConfig }) => {
        if (command !== 'dev') return;
        restarted = isRestart;
        injectScript('page', "import '/src/lab/dev/main.ts';");
        // What Vite finds out late has it load the page anew, with the machine that has just begun to run.
        updateConfig({ vite: { plugins: [hotLessonsPlugin(config.root)], optimizeDeps: { entries: workers } } });
      },
      'astro:server:setup': ({ server, refreshContent }) => {
        if (!restarted || refreshContent === undefined) return;
        // Astro's store of lessons listens to the first server's watcher only: titles and new pages would not be seen any more.
        const refresh = (file: string): void => {
          if (/[\\/]content[\\/].+\.mdx?$/.test(file)) refreshContent({}).catch((error: unknown) => console.error(error));
        };
        for (const event of ['add', 'change', 'unlink'] as const) server.watcher.on(event, refresh);
      },
    },
  };
}

/** @param root folder of the checkout */
export function hotLessonsPlugin(root: URL): HotPlugin {
  const folder = decodeURIComponent(root.pathname);
  const name = (file: string): string => relative(folder, file).replaceAll('\\', '/');
  const changes = new Changes();
  return {
    name: 'drydock-hot-lessons',
    apply: 'serve',
    hotUpdate: {
      order: 'pre',
      handler({ file, timestamp, modules }) {
        // Of what nothing is made, nothing is loaded anew either.
        if (modules.length > 0) changes.note(name(file), timestamp);
      },
    },
    configureServer({ environments, watcher }) {
      for (const [environment, { hot }] of Object.entries(environments)) {
        if (environment === 'client') tellInsteadOfReload(hot, changes);
        else noticeStore(hot, changes);
      }
      watcher.on('change', (file) => {
        if (name(file) === courseFile) environments['client']?.hot.send({ type: 'custom', event: changeEvents.restarting });
      });
    },
  };
}

function tellInsteadOfReload(hot: HotChannel, changes: Changes): void {
  const send = hot.send.bind(hot);
  hot.send = (payload, data) => {
    const change = typeof payload === 'object' && payload.type === 'full-reload' ? changes.take() : undefined;
    // Without a file it is Vite itself that has to: its bundles of packages were made anew.
    if (change === undefined) send(payload, data);
    else send({ type: 'custom', event: changeEvents.changed, data: change });
  };
}

function noticeStore(hot: HotChannel, changes: Changes): void {
  const send = hot.send.bind(hot);
  hot.send = (payload, data) => {
    if (payload === storeEvent) changes.noteStore();
    send(payload, data);
  };
}

/** Gathers what has changed until a page is to be told. */
export class Changes {
  readonly #files = new Map<string, number>();
  readonly #told = new Map<string, number>();
  #store = false;

  /** One change comes once for each of Vite's environments, also after it was told. */
  note(file: string, timestamp: number): void {
    if (this.#told.get(file) !== timestamp) this.#files.set(file, timestamp);
  }

  /** The store of all lessons was written: some file in content/ has changed a moment ago. Only what follows at once is because of it. */
  noteStore(): void {
    this.#store = true;
    queueMicrotask(() => (this.#store = false));
  }

  /** What has changed since; undefined if nothing has that is known. */
  take(): Change | undefined {
    if (this.#files.size === 0 && !this.#store) return undefined;
    const change: Change = { shown: [], program: [] };
    for (const [file, timestamp] of this.#files) {
      this.#told.set(file, timestamp);
      change[isShown(file) ? 'shown' : 'program'].push(file);
    }
    this.#files.clear();
    this.#store = false;
    return change;
  }
}

/** Whether what is made of the file is only looked at: texts, tasks, quizzes, terms, styles. */
export function isShown(file: string): boolean {
  return /^content\/.+\.(mdx?|ya?ml|svg|png|jpe?g|webp|avif)$/.test(file) || /^src\/.+\.css$/.test(file);
}
