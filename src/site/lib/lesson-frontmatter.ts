/** What stands at the head of a lesson's file, beside what Starlight knows itself. */
import { z } from 'astro/zod';

/** Ours, on top of Starlight's. */
export const lessonFields = {
  exercise: z
    .string()
    .regex(/^[a-z0-9-]+$/, 'must be the name of a folder in content/exercises, which has small letters, digits and hyphens; correct the name, or rename the folder')
    .optional()
    .describe('Name of the folder in content/exercises; the page then shows the lab'),
  lab: z.boolean().optional().describe('`true` shows the lab without an exercise, as the sandbox does; `false` says that a lesson needs none'),
  translationOf: z
    .string()
    .regex(/^[0-9a-f]{12}$/, 'must be a mark that npm run lesson:translated writes; run it, or remove the field')
    .optional()
    .describe('In a translation: a mark of the English text it is the translation of; `npm run lesson:translated` writes it'),
};

/** With those of Starlight that a lesson uses, for the reference. */
export const lessonFrontmatterSchema = z.strictObject({
  title: z.string().describe('Title of the lesson, at the head of the page and in every list'),
  description: z.string().optional().describe('One sentence about it, for lists and search engines'),
  ...lessonFields,
});
