/** Progress as a file: to take along to another browser, to keep, to hand in. */
import { z } from 'zod';
import { DrydockError, reasonOf } from '../shared/errors.ts';
import { idSchema } from '../shared/id.ts';
import { type LessonProgress, progressSchema } from './progress.ts';

const fileSchema = z.strictObject({
  format: z.literal('drydock-progress').describe('Tells such a file from any other JSON'),
  version: z.literal(1),
  saved: z.iso.datetime().describe('When the file was written'),
  lessons: z.record(idSchema, progressSchema).describe('By the name under which it is kept in the browser'),
});

/** Larger files are not read: years of work fit into a tenth of it. */
export const largestFile = 4 * 1024 * 1024;

/** The text of a file with this progress. */
export function writeProgressFile(lessons: Readonly<Record<string, LessonProgress>>, now: Date): string {
  const file: z.infer<typeof fileSchema> = { format: 'drydock-progress', version: 1, saved: now.toISOString(), lessons: { ...lessons } };
  return `${JSON.stringify(file, undefined, 2)}\n`;
}

/** What a file holds. Raises DD5010 with what is wrong with it. */
export function readProgressFile(name: string, text: string): Record<string, LessonProgress> {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new DrydockError('progress-file-invalid', { file: name, reason: reasonOf(error) }, { cause: error });
  }
  const parsed = fileSchema.safeParse(data);
  if (parsed.success) return parsed.data.lessons;
  const issue = parsed.error.issues[0];
  throw new DrydockError('progress-file-invalid', { file: name, reason: issue ? `${issue.path.join('.') || 'the file'}: ${issue.message}` : 'unknown shape' });
}
