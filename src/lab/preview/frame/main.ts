/**
 * The first script of every preview frame: it gets a page from the lab, makes it ready and writes it into the frame.
 *
 * The frame has an origin of its own, that of nobody, and may load nothing from anywhere: whatever the page needs comes
 * through the lab from the machine. The page can undo all that is done here; it gains nothing by it.
 */
import { Bridge } from './bridge.ts';
import { installElements } from './elements.ts';
import { installFetch } from './fetch.ts';
import { installKeeping } from './keeping.ts';
import { installLocation } from './location.ts';
import { natives } from './natives.ts';
import { installNavigation } from './navigation.ts';
import { Page } from './page.ts';
import { Resources } from './resources.ts';
import { prepareDocument } from './rewrite-document.ts';
import { installSocket } from './socket.ts';
import type { PageDocument } from '../protocol.ts';
import { installXhr } from './xhr.ts';

/** What would reach out of the machine past the policy of the frame. */
const outside = ['RTCPeerConnection', 'webkitRTCPeerConnection', 'RTCDataChannel', 'WebTransport'];

const script = document.currentScript;
const bridge = new Bridge(script?.dataset['parent'] ?? '');
script?.remove();
for (const name of outside) Reflect.deleteProperty(globalThis, name);
bridge.onView = (message) => {
  if (message.type === 'document') void show(message.page);
};

async function show(given: PageDocument): Promise<void> {
  const page = new Page(bridge, given);
  const resources = new Resources(page);
  const { html, refresh } = await prepareDocument(given.html, page, resources);
  // Takes all listeners away, so that ours come after it.
  document.open();
  installLocation(page);
  installKeeping(page);
  installFetch(page);
  installXhr(page);
  installSocket(page);
  installElements(page, resources);
  installNavigation(page);
  followTitle();
  natives.write.call(document, html);
  document.close();
  bridge.tell({ type: 'written' });
  page.scrollToFragment();
  if (refresh !== undefined) natives.setTimeout(() => (refresh.address === '' ? page.navigate(page.url.href, { replace: true }) : page.navigate(refresh.address, { replace: true })), refresh.seconds * 1000);
}

function followTitle(): void {
  let last: string | undefined;
  const tell = (): void => {
    if (document.title === last) return;
    last = document.title;
    bridge.tell({ type: 'title', title: last.slice(0, 300) });
  };
  new MutationObserver(tell).observe(document, { subtree: true, childList: true, characterData: true });
}
