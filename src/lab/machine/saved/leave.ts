/**
 * Leaving the page while the machine has work that is not saved. A link waits for the save; whatever else leads away, such as
 * closing the tab, cannot wait, so the browser asks, and who stays finds the machine saved.
 */
import type { SessionKeeper } from './keeper.ts';

/** A link waits no longer, in milliseconds. A machine that takes longer is asked about. */
export const longestWaitMilliseconds = 10_000;

type LeftKeeper = Pick<SessionKeeper, 'unsaved' | 'canSave' | 'onUnsaved' | 'save'>;

/** Whom `beforeunload` and clicks are told: `window`, or a stand-in. */
export type LeftPage = Pick<Window, 'addEventListener' | 'removeEventListener'>;

/** Has the browser ask. Listens only while there is something to lose: a page that listens is not kept for the way back. */
export function askBeforeLeaving(page: LeftPage, keeper: LeftKeeper): void {
  const onLeave = (event: BeforeUnloadEvent): void => {
    event.preventDefault();
    void keeper.save();
  };
  keeper.onUnsaved((unsaved) => {
    if (unsaved) page.addEventListener('beforeunload', onLeave);
    else page.removeEventListener('beforeunload', onLeave);
  });
}

/**
 * Lets links wait until the machine is saved.
 * @param wait told that it begins
 * @param go leads to an address
 */
export function saveBeforeLinks(page: LeftPage, keeper: LeftKeeper, wait: () => void, go: (address: string) => void): void {
  let wanted: string | undefined;
  page.addEventListener('click', (event) => {
    const address = addressOf(event);
    if (address === undefined || !keeper.unsaved || !keeper.canSave) return;
    event.preventDefault();
    const isWaiting = wanted !== undefined;
    // The last one chosen counts.
    wanted = address;
    if (isWaiting) return;
    wait();
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, longestWaitMilliseconds);
    void Promise.race([keeper.save(), late.promise]).then(() => {
      clearTimeout(timer);
      const to = wanted ?? address;
      wanted = undefined;
      go(to);
    });
  });
}

/** Where a click leads, if it leads this tab to another page. */
function addressOf(event: MouseEvent): string | undefined {
  const { target, button, defaultPrevented, altKey, ctrlKey, metaKey, shiftKey } = event;
  if (defaultPrevented || button !== 0 || altKey || ctrlKey || metaKey || shiftKey || !(target instanceof Element)) return undefined;
  const link = target.closest<HTMLAnchorElement>('a[href]');
  if (link === null || link.hasAttribute('download')) return undefined;
  const frame = link.getAttribute('target') ?? link.ownerDocument.querySelector('base[target]')?.getAttribute('target') ?? '';
  return ['', '_self'].includes(frame) && leadsAway(link.href, location.href) ? link.href : undefined;
}

/** Whether an address is of another page, not only of another place on this one. */
export function leadsAway(address: string, here: string): boolean {
  const to = URL.parse(address);
  const from = URL.parse(here);
  if (to === null || from === null || !/^https?:$/.test(to.protocol)) return false;
  to.hash = '';
  from.hash = '';
  return to.href !== from.href;
}
