/**
 * Choosers: questions that lead to an advice, `content/choosers/<id>.yaml`, checked when the site is built. A tree, so that
 * the page can fold it up without a script.
 */
import { z } from 'zod';
import { idSchema } from '../../shared/id.ts';
import { DrydockError } from '../../shared/errors.ts';
import { localizedSchema } from '../../shared/locale.ts';
import { parseYaml } from '../../shared/yaml-data.ts';

const answerSchema = z
  .strictObject({
    text: localizedSchema.describe('The answer; code in backticks'),
    ask: idSchema.optional().describe('Id of the question that follows'),
    advise: idSchema.optional().describe('Id of the advice'),
  })
  .refine(({ ask, advise }) => (ask === undefined) !== (advise === undefined), 'needs exactly one of ask and advise');

export const chooserSchema = z
  .strictObject({
    questions: z.record(idSchema, z.strictObject({ text: localizedSchema, answers: z.array(answerSchema).min(2) })).describe('By id; the first one is asked first'),
    advice: z.record(idSchema, z.strictObject({ title: localizedSchema, text: localizedSchema.describe('What to do and why; code in backticks') })).describe('By id'),
  })
  .superRefine(({ questions, advice }, context) => {
    const order = Object.keys(questions);
    const named = new Set<string>();
    Object.entries(questions).forEach(([id, { answers }], at) => {
      answers.forEach((answer, index) => {
        const report = (message: string) => context.addIssue({ code: 'custom', path: ['questions', id, 'answers', index], message });
        if (answer.advise !== undefined && advice[answer.advise] === undefined) report(`there is no advice “${answer.advise}”`);
        // Only forwards, so that there is an end to every way.
        if (answer.ask !== undefined && order.indexOf(answer.ask) <= at) report(`“${answer.ask}” is no question further down`);
        named.add(answer.ask ?? '').add(answer.advise ?? '');
      });
    });
    for (const id of [...order.slice(1), ...Object.keys(advice)]) {
      if (!named.has(id)) context.addIssue({ code: 'custom', path: [], message: `nothing leads to “${id}”` });
    }
  });

export type Chooser = z.infer<typeof chooserSchema>;

/** Raises DD4020 with every problem, one per line. */
export function parseChooser(file: string, text: string): Chooser {
  const parsed = parseYaml(text, chooserSchema, 'src/site/lib/chooser.ts');
  if (!parsed.ok) throw new DrydockError('content-invalid', { file, problems: parsed.problems.join('\n') });
  return parsed.data;
}
