/**
 * Starts the machine before the lab around it is loaded: the terminals alone are a hundred kilobytes of script, which may
 * come while the machine's own parts do.
 */
import type { PageData } from '../page-data.ts';
import { createMachine } from './emulator.ts';
import type { SavedSession } from './saved/file.ts';
import { SessionKeeper } from './saved/keeper.ts';
import { LabSession } from './session.ts';

export interface Begun {
  session: LabSession;
  keeper: SessionKeeper;
  /** The machine of this lesson that was saved last: the learner is asked whether to go on with it, and nothing has started. */
  saved: SavedSession | undefined;
}

/** @param wait nothing is started by itself */
export async function begin(data: PageData, wait: boolean): Promise<Begun> {
  const session = new LabSession(createMachine(data.manifestUrl, data.start, !wait));
  const keeper = new SessionKeeper(session, data);
  const saved = await keeper.latest();
  if (saved === undefined && !wait) session.start();
  return { session, keeper, saved };
}
