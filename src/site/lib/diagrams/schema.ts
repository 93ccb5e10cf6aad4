/**
 * What the diagrams of lessons say, `content/diagrams/<name>.yaml`, checked when the site is built. Where things stand in a
 * drawing is the business of `drawings.ts`: a translator does not meet it.
 */
import { z } from 'zod';
import { idSchema } from '../../../shared/id.ts';
import { DrydockError } from '../../../shared/errors.ts';
import { localizedSchema } from '../../../shared/locale.ts';
import { parseYaml } from '../../../shared/yaml-data.ts';

const viewSchema = z
  .strictObject({
    id: idSchema.describe('Unique in the diagram'),
    label: localizedSchema.describe('On its button; code in backticks'),
    says: localizedSchema.describe('What it shows, in words; code in backticks'),
    lit: z.array(idSchema).min(1).describe('Parts of the drawing that it brings out'),
    live: z
      .strictObject({
        on: z.array(z.string()).min(1).describe('What the lab tells: `container start` and other events of the engine by type and action, `container start again`, `request docker` and other requests by program, `registry`'),
        lit: z.array(idSchema).min(1).optional().describe('Parts that it brings out, where it does not tell of all that the view shows'),
        says: localizedSchema.describe('`{name}` is the container, the image or the request'),
      })
      .optional()
      .describe('Happenings of the learner’s engine that light it up for a moment'),
  })
  .describe('Something to choose, or one step');

export const diagramSchema = z
  .strictObject({
    title: localizedSchema.describe('Above the drawing'),
    description: localizedSchema.describe('The whole drawing in words, for those who do not see it'),
    control: z.enum(['choice', 'steps']).describe('Any view at any time, or one after the other'),
    question: localizedSchema.describe('Above the choices, or the name of the group of step buttons'),
    words: z.record(idSchema, localizedSchema).describe('Words in the drawing, in both languages, each under the name that the drawing has for it'),
    views: z.array(viewSchema).min(2).describe('What there is to choose, or the steps in their order; at least two'),
    live: localizedSchema.optional().describe('Said until the learner’s engine does something'),
    states: localizedSchema.optional().describe('The learner’s containers by state: `{created}`, `{running}`, `{paused}` and `{stopped}`'),
  })
  .superRefine(({ views, live }, context) => {
    const report = (index: number, message: string) => context.addIssue({ code: 'custom', path: ['views', index], message });
    views.forEach((view, index) => {
      if (views.findIndex(({ id }) => id === view.id) !== index) report(index, `“${view.id}” is there twice; rename one`);
      if (view.live !== undefined && live === undefined) report(index, 'follows the engine, but the diagram has no “live” to say so; add it');
    });
  });

export type DiagramText = z.infer<typeof diagramSchema>;

/** Raises DD4020 with every problem, one per line. */
export function parseDiagram(file: string, text: string): DiagramText {
  const parsed = parseYaml(text, diagramSchema, 'diagram');
  if (!parsed.ok) throw new DrydockError('content-invalid', { file, problems: parsed.problems.join('\n') });
  return parsed.data;
}
