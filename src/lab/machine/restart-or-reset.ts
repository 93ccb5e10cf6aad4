/** The one way to throw the machine away, or to restart it: by asking. */
import { describeError } from '../../shared/errors.ts';
import type { LabContext } from '../context.ts';
import { askChoice } from '../dialog.ts';

/** Two ways to begin again, of which the milder one is offered first, where there is one. */
export async function restartOrReset({ announcer, locale, strings, session }: LabContext): Promise<void> {
  const { restartable } = session;
  const choice = await askChoice({
    title: strings.resetTitle,
    body: restartable ? [strings.restartBody, strings.resetBody] : [strings.resetBody],
    choices: [...(restartable ? [{ value: 'restart', text: strings.restartConfirm } as const] : []), { value: 'reset', text: strings.resetConfirm, danger: true } as const],
    cancel: strings.cancel,
  });
  if (choice === 'reset') session.reset();
  if (choice !== 'restart') return;
  try {
    await session.restart();
  } catch (error) {
    const { title, why } = describeError(error, locale);
    announcer.say(`${title}: ${why}`);
  }
}
