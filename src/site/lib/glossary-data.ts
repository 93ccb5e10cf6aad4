/** The glossary as the pages have it. */
import text from '/content/glossary.yaml?raw';
import { type GlossaryTerm, parseGlossary } from './glossary.ts';

let terms: GlossaryTerm[] | undefined;

/** All terms, in the order of the file. Fails with `content-invalid`. */
export function glossary(): GlossaryTerm[] {
  terms ??= parseGlossary(text);
  return terms;
}
