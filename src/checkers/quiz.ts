/** Quizzes: questions with an explanation for every answer, content/quizzes/<lesson>.yaml, checked when the site is built. */
import { z } from 'zod';
import { idSchema } from '../shared/id.ts';
import { localizedSchema } from '../shared/locale.ts';

const question = {
  id: idSchema.describe('Unique in the file; progress is kept under it, so do not change it'),
  text: localizedSchema.describe('The question; code in backticks'),
};

const optionsSchema = z
  .array(
    z.strictObject({
      id: idSchema.describe('Unique in the question'),
      text: localizedSchema.describe('The answer; code in backticks'),
      right: z.boolean().default(false),
      why: localizedSchema.describe('Why it is right or wrong; shown to whoever chose it'),
    }),
  )
  .min(2);

const singleSchema = z.strictObject({
  ...question,
  kind: z.literal('single').describe('One of the answers is right'),
  options: optionsSchema.refine((options) => options.filter(({ right }) => right).length === 1, 'needs exactly one option with “right: true”; take kind: multiple for several'),
});

const multipleSchema = z.strictObject({
  ...question,
  kind: z.literal('multiple').describe('Any number of the answers is right, and all of them must be chosen'),
  options: optionsSchema.refine((options) => options.some(({ right }) => right), 'needs at least one option with “right: true”'),
});

const textSchema = z.strictObject({
  ...question,
  kind: z.literal('text').describe('To be typed; upper and lower case and the number of spaces do not matter'),
  accept: z.array(z.string().trim().min(1)).min(1).describe('Right answers; the first is the one that is shown'),
  why: localizedSchema.describe('Why that is the answer'),
  mistakes: z
    .array(z.strictObject({ answers: z.array(z.string().trim().min(1)).min(1).describe('Wrong answers that one may think of'), why: localizedSchema.describe('Why they are wrong') }))
    .default([]),
  otherwise: localizedSchema.describe('Said of any other wrong answer'),
});

const orderSchema = z.strictObject({
  ...question,
  kind: z.literal('order').describe('To be put in order'),
  items: z.array(z.strictObject({ id: idSchema.describe('Unique in the question'), text: localizedSchema })).min(3).describe('In the right order; the page mixes them'),
  why: localizedSchema.describe('Why this is the order'),
  otherwise: localizedSchema.describe('Said of a wrong order: what to think of'),
});

export const questionSchema = z.discriminatedUnion('kind', [singleSchema, multipleSchema, textSchema, orderSchema]);

export const quizFileSchema = z
  .strictObject({
    quizzes: z
      .array(z.strictObject({ id: idSchema.describe('`<Quiz id="...">` in the lesson names it'), questions: z.array(questionSchema).min(1) }))
      .min(1)
      .describe('In the order of the lesson'),
  })
  .superRefine(({ quizzes }, context) => {
    const seen = new Set<string>();
    quizzes.forEach(({ id, questions }, quiz) => {
      if (quizzes.findIndex((other) => other.id === id) !== quiz) context.addIssue({ code: 'custom', path: ['quizzes', quiz, 'id'], message: `quiz “${id}” is there twice; give each an id of its own` });
      questions.forEach((one, index) => {
        const path = ['quizzes', quiz, 'questions', index];
        if (seen.has(one.id)) context.addIssue({ code: 'custom', path: [...path, 'id'], message: `question “${one.id}” is there twice; give each an id of its own` });
        seen.add(one.id);
        const field = one.kind === 'order' ? 'items' : 'options';
        const parts = one.kind === 'text' ? [] : one.kind === 'order' ? one.items : one.options;
        parts.forEach((part, at) => {
          if (parts.findIndex((other) => other.id === part.id) !== at) context.addIssue({ code: 'custom', path: [...path, field, at, 'id'], message: `“${part.id}” is there twice; give each an id of its own` });
        });
      });
    });
  });

export type Question = z.infer<typeof questionSchema>;
export type QuizFile = z.infer<typeof quizFileSchema>;
export type Quiz = QuizFile['quizzes'][number];
