/** What every part of the lab is given. */
import type { Announcer } from './announcer.ts';
import type { Emitter } from './emitter.ts';
import type { LabSession } from './machine/session.ts';
import type { Locale, Strings } from './page-data.ts';

export interface LabContext {
  locale: Locale;
  strings: Strings;
  announcer: Announcer;
  session: LabSession;
  /** The learner has done something that the engine may not tell of: a command has ended, a file was changed, the preview was used. */
  deeds: Emitter<void>;
}
