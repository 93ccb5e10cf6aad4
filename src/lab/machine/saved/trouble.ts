/** Shows on the button of the list that the machine could not be saved by itself; why, is in the list. */
import type { LabContext } from '../../context.ts';
import type { SessionKeeper } from './keeper.ts';

export function markTrouble(button: HTMLButtonElement, { announcer, strings }: Pick<LabContext, 'announcer' | 'strings'>, keeper: Pick<SessionKeeper, 'onTrouble'>): void {
  keeper.onTrouble((trouble) => {
    const isNews = trouble !== undefined && button.dataset['trouble'] === undefined;
    if (trouble === undefined) delete button.dataset['trouble'];
    else button.dataset['trouble'] = trouble.code;
    button.title = trouble === undefined ? strings.sessions : strings.sessionsTrouble;
    button.setAttribute('aria-label', button.title);
    // Once, not with every try.
    if (isNews) announcer.say(strings.sessionsTrouble);
  });
}
