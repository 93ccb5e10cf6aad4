/** When a machine was saved, as the learner's language writes it. */
import type { Locale } from '../../../shared/locale.ts';
import { localeTags } from '../../../site/i18n/index.ts';
import type { SavedSession } from './file.ts';

export function savedWhen({ savedAt }: SavedSession, locale: Locale): string {
  return new Intl.DateTimeFormat(localeTags[locale], { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(savedAt));
}
