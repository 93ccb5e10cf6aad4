/** What failed, in one line of a view: what, why, what to do, and the code to report. */
import { errorInOneLine } from '../../shared/errors.ts';
import type { LabContext } from '../context.ts';
import { codeText } from '../tasks/code-nodes.ts';

/** What to append for an error. */
export function errorText(error: unknown, { locale }: Pick<LabContext, 'locale'>): (Node | string)[] {
  return codeText(errorInOneLine(error, locale));
}
