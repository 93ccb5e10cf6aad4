/** The embedded page's side: tells the page around it what happens, and takes its colours. */
import { labEvents, type LabMachineDetail, type LabTasksDetail } from '../events.ts';
import { channel, type FromFrame, parameter, readToFrame, type Theme, themes } from './messages.ts';

const parameters = new URLSearchParams(location.search);

/** Whom to tell. The browser delivers nothing if the page around is of another origin than it says. */
const host = originOf(parameters.get(parameter.host));

function originOf(text: string | null): string | undefined {
  try {
    const { origin } = new URL(text ?? '');
    // A page opened from a file has no origin that could be named.
    return origin === 'null' || window.parent === window ? undefined : origin;
  } catch {
    return undefined;
  }
}

function tell(message: FromFrame): void {
  if (host !== undefined) window.parent.postMessage(message, host);
}

function follow(): void {
  let known: Set<string> | undefined;
  let machine = '';
  document.addEventListener(labEvents.tasks, (event) => {
    if (!(event instanceof CustomEvent)) return;
    const { tasks } = event.detail as LabTasksDetail;
    const before = known;
    known = new Set(tasks.filter(({ done }) => done).map(({ id }) => id));
    tell({ channel, type: 'progress', tasks: tasks.map(({ id, title, done }) => ({ id, title, done })) });
    // What was done in an earlier visit is not news.
    if (before === undefined) return;
    for (const { id, title, done } of tasks) if (done && !before.has(id)) tell({ channel, type: 'task', id, title });
  });
  document.addEventListener(labEvents.machine, (event) => {
    if (!(event instanceof CustomEvent)) return;
    const { state } = event.detail as LabMachineDetail;
    // Every piece of a download is an event of its own.
    if (state !== machine) tell({ channel, type: 'machine', state });
    machine = state;
  });
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.source !== window.parent || event.origin !== host) return;
    const message = readToFrame(event.data);
    if (message !== undefined) paint(message.theme);
  });
  tell({ channel, type: 'ready' });
}

/** As the inline script of the page does it before the first paint. */
function paint(theme: Theme): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  document.documentElement.dataset['theme'] = theme === 'auto' ? (dark.matches ? 'dark' : 'light') : theme;
  dark.onchange = theme === 'auto' ? () => paint('auto') : null;
}

paint(themes.find((theme) => theme === parameters.get(parameter.theme)) ?? 'auto');
follow();
