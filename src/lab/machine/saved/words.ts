/** How a saved machine is called and dated in the learner's language. */
import type { Locale } from '../../../shared/locale.ts';
import { localeTags } from '../../../site/i18n/index.ts';
import type { Strings } from '../../page-data.ts';
import type { SavedSession } from './file.ts';

export function savedWhen({ savedAt }: SavedSession, locale: Locale): string {
  return new Intl.DateTimeFormat(localeTags[locale], { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(savedAt));
}

/** What was saved by itself was named in the language of then. */
export function savedName({ kind, name }: SavedSession, strings: Strings): string {
  return kind === 'auto' ? strings.sessionAutomatic : name;
}
