/** The page of a preview in a window of its own: it has the view, and its lab has the machine. */
import '../../styles/preview.css';
import { DrydockError } from '../../../shared/errors.ts';
import { Announcer } from '../../announcer.ts';
import { h } from '../../dom.ts';
import type { Locale, Strings } from '../../page-data.ts';
import { errorCard } from '../cards.ts';
import { PreviewView } from '../view.ts';
import { WindowClient } from './window-client.ts';

interface WindowData {
  locale: Locale;
  strings: Strings;
}

const host = document.querySelector('#preview');
const data = document.querySelector('#drydock-preview-data')?.textContent;
if (host === null || !data) throw new TypeError('This page is not the one for previews');
const { locale, strings } = JSON.parse(data) as WindowData;
const announcer = new Announcer();
const main = h('div', { class: 'dd-preview-window' });
host.replaceChildren(h('h1', { class: 'dd-only-heard' }, strings.previewWindowTitle), main, announcer.element);
// What is said is for who listens; who looks sees the page itself.
announcer.element.classList.add('dd-only-heard');
// The lab has forgotten a window that went away; one that the browser kept and brings back begins anew.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) location.reload();
});
void start();

async function start(): Promise<void> {
  const first = decodeURIComponent(location.hash.slice(1));
  try {
    const client = await WindowClient.connect();
    const view = new PreviewView({ backend: client, locale, strings, say: (text) => announcer.say(text), onTitle: showTitle });
    main.replaceChildren(view.element);
    const tellVisible = (): void => client.setVisible(!document.hidden);
    tellVisible();
    document.addEventListener('visibilitychange', tellVisible);
    const leave = (): void => client.leave();
    addEventListener('pagehide', leave);
    if (first !== '') view.navigate(first);
    await client.gone;
    removeEventListener('pagehide', leave);
    document.removeEventListener('visibilitychange', tellVisible);
    view.dispose();
    fail(new DrydockError('preview-lab-gone', {}));
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): void {
  main.replaceChildren(errorCard(error, locale, strings, () => void start()));
}

function showTitle(title: string, address: string): void {
  document.title = `${title || address} · ${strings.previewWindowTitle}`;
  // A reload of the window shows the same page again.
  history.replaceState(null, '', `#${encodeURIComponent(address)}`);
}
