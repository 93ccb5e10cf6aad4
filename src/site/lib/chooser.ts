/**
 * Choosers: questions that lead to an advice, `content/choosers/<id>.yaml`, checked when the site is built. A tree, so that
 * the page can fold it up without a script.
 */
import { z } from 'zod';
import { idSchema } from '../../shared/id.ts';
import { DrydockError } from '../../shared/errors.ts';
import { localizedSchema } from '../../shared/locale.ts';
import { suggestion } from '../../shared/spelling.ts';
import { parseYaml } from '../../shared/yaml-data.ts';

const answerSchema = z
  .strictObject({
    text: localizedSchema.describe('The answer; code in backticks'),
    ask: idSchema.optional().describe('Id of the question that follows, one further down'),
    advise: idSchema.optional().describe('Id of the advice, in place of a further question'),
  })
  .refine(({ ask, advise }) => (ask === undefined) !== (advise === undefined), 'needs exactly one of “ask” and “advise”; add the one that is meant, or remove the other');

export const chooserSchema = z
  .strictObject({
    questions: z.record(idSchema, z.strictObject({ text: localizedSchema.describe('The question; code in backticks'), answers: z.array(answerSchema).min(2).describe('At least two; each leads to a question or to an advice') })).describe('Questions by id; the first one is asked first'),
    advice: z.record(idSchema, z.strictObject({ title: localizedSchema.describe('What is advised, in a few words'), text: localizedSchema.describe('What to do and why; code in backticks') })).describe('Advice by id'),
  })
  .superRefine(({ questions, advice }, context) => {
    const order = Object.keys(questions);
    const named = new Set<string>();
    Object.entries(questions).forEach(([id, { answers }], at) => {
      answers.forEach((answer, index) => {
        const report = (field: 'ask' | 'advise', message: string) => context.addIssue({ code: 'custom', path: ['questions', id, 'answers', index, field], message });
        const { ask, advise } = answer;
        if (advise !== undefined && advice[advise] === undefined) report('advise', `there is no advice “${advise}”${remedy(advise, Object.keys(advice), 'write it under “advice”')}`);
        const asked = ask === undefined ? -1 : order.indexOf(ask);
        if (ask !== undefined && asked === -1) report('ask', `there is no question “${ask}”${remedy(ask, order.slice(at + 1), 'write it further down')}`);
        // Only forwards, so that there is an end to every way.
        else if (ask !== undefined && asked <= at) report('ask', `“${ask}” is no question further down, so the way would lead in a circle; name one that is, or move “${ask}” below this one`);
        named.add(ask ?? '').add(advise ?? '');
      });
    });
    const unused = (field: 'questions' | 'advice', link: 'ask' | 'advise', ids: readonly string[]) => {
      for (const id of ids) {
        if (!named.has(id)) context.addIssue({ code: 'custom', path: [field, id], message: `nothing leads to “${id}”; write “${link}: ${id}” into an answer, or remove it` });
      }
    };
    unused('questions', 'ask', order.slice(1));
    unused('advice', 'advise', Object.keys(advice));
  });

/** What to do about an id that is not there. */
function remedy(id: string, known: readonly string[], otherwise: string): string {
  const meant = suggestion(id, known);
  return meant === '' ? `; ${otherwise}, or correct the id` : `${meant} Correct the id, or ${otherwise}`;
}

export type Chooser = z.infer<typeof chooserSchema>;

/** Raises DD4020 with every problem, one per line. */
export function parseChooser(file: string, text: string): Chooser {
  const parsed = parseYaml(text, chooserSchema, 'chooser');
  if (!parsed.ok) throw new DrydockError('content-invalid', { file, problems: parsed.problems.join('\n') });
  return parsed.data;
}
