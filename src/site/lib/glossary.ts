/** The glossary, content/glossary.yaml: the terms that lessons explain on hover and focus, and a page of all of them. */
import { z } from 'zod';
import { idSchema } from '../../shared/id.ts';
import { DrydockError } from '../../shared/errors.ts';
import { type Locale, localizedSchema } from '../../shared/locale.ts';
import { parseYaml } from '../../shared/yaml-data.ts';

export const glossarySchema = z
  .strictObject({
    terms: z
      .array(
        z.strictObject({
          id: idSchema.describe('`<Term id="...">` in a lesson names it; also its anchor on the page'),
          term: localizedSchema.describe('The word itself'),
          text: localizedSchema.describe('What it means, in one or two sentences; code in backticks'),
        }),
      )
      .min(1)
      .describe('In any order: the page sorts them'),
  })
  .superRefine(({ terms }, context) => {
    terms.forEach(({ id }, index) => {
      if (terms.findIndex((other) => other.id === id) !== index) context.addIssue({ code: 'custom', path: ['terms', index, 'id'], message: `term “${id}” is there twice; remove one` });
    });
  });

export type GlossaryTerm = z.infer<typeof glossarySchema>['terms'][number];

export const glossaryFile = 'content/glossary.yaml';

/** Checks the text of the glossary. Raises DD4020 with every problem, one per line. */
export function parseGlossary(text: string): GlossaryTerm[] {
  const parsed = parseYaml(text, glossarySchema, 'glossary');
  if (!parsed.ok) throw new DrydockError('content-invalid', { file: glossaryFile, problems: parsed.problems.join('\n') });
  return parsed.data.terms;
}

/** In the order of a dictionary of the language: by pinyin in Chinese. */
export function sortedTerms(terms: readonly GlossaryTerm[], locale: Locale): GlossaryTerm[] {
  const collator = new Intl.Collator(locale === 'zh-cn' ? 'zh-CN' : 'en', { sensitivity: 'base' });
  return terms.toSorted((a, b) => collator.compare(a.term[locale], b.term[locale]));
}
