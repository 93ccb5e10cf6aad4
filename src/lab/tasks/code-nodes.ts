/** Short texts with code in backticks, as elements. */
import { h } from '../dom.ts';
import { textParts } from './code-text.ts';

/** What to append for a text. */
export function codeText(text: string): (Node | string)[] {
  return textParts(text).map((part) => (part.code ? h('code', {}, part.text) : part.text));
}
