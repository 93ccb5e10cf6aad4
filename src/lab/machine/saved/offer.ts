/** Before a lesson starts its machine: whether to go on with the one that was saved. */
import { describeError, errorInOneLine } from '../../../shared/errors.ts';
import { fillTemplate } from '../../../shared/locale.ts';
import type { LabContext } from '../../context.ts';
import { allow, h, icon, textButton } from '../../dom.ts';
import { codeText } from '../../tasks/code-nodes.ts';
import { formatBytes } from '../progress.ts';
import type { SavedSession } from './file.ts';
import type { SessionKeeper } from './keeper.ts';
import { savedName, savedWhen } from './words.ts';

/**
 * The question, to be put over the terminals; it removes itself when the machine is on its way, by whichever button.
 * @param leave takes the focus where it was in the question
 */
export function sessionOffer({ announcer, locale, strings, session }: LabContext, keeper: SessionKeeper, saved: SavedSession, leave: () => void): HTMLElement {
  const date = savedWhen(saved, locale);
  const problem = h('div', { role: 'alert' });
  const restore = async (): Promise<void> => {
    allow(go, false);
    try {
      const { warning } = await keeper.restore(saved);
      if (warning) announcer.say(errorInOneLine(warning, locale));
    } catch (error) {
      const { why, action, code } = describeError(error, locale);
      problem.replaceChildren(h('p', {}, ...codeText(`${why} ${action}`), ` (${code})`));
    } finally {
      allow(go, true);
    }
  };
  const go = textButton(strings.sessionContinue, () => void restore(), { class: 'dd-button dd-primary', 'data-testid': 'session-continue' });
  go.prepend(icon('play'));
  const element = h('div', { class: 'dd-boot dd-offer', role: 'group', 'aria-labelledby': 'dd-offer-title', 'data-testid': 'session-offer' },
    h('div', { class: 'dd-boot-card' },
      h('h2', { class: 'dd-boot-intro', id: 'dd-offer-title' }, strings.sessionOfferTitle),
      h('p', {}, fillTemplate(strings.sessionOfferBody, { name: savedName(saved, strings), date, size: formatBytes(saved.bytes) })),
      problem,
      h('p', { class: 'dd-offer-actions' }, go, textButton(strings.sessionFresh, () => session.start(), { 'data-testid': 'session-fresh' }))));
  const end = session.onState(({ kind }) => {
    if (kind === 'idle') return;
    const hadFocus = element.contains(document.activeElement);
    element.remove();
    if (hadFocus) leave();
    // Called once before there is something to end.
    queueMicrotask(() => end());
  });
  return element;
}
