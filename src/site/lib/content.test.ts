/** The lessons as they are: what `npm run lesson:check -- --text` finds, so that no commit can break a text. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkLessonFiles, checkSharedFiles, problemLine, readLessons } from './lesson-files.ts';

const root = join(import.meta.dirname, '../../..');

it('has nothing wrong in the texts of any lesson, exercise, quiz or page', async () => {
  const files = await readLessons(root);
  const problems = await checkSharedFiles(root, files);
  for (const lesson of files.lessons) problems.push(...(await checkLessonFiles(root, lesson, files)));
  const lines = [...files.errors, ...problems.filter(({ severity }) => severity === 'error').map(problemLine)];
  expect(lines.length, `${lines.join('\n')}\nMend them; npm run lesson:check -- --text says what is left`).toBe(0);
  expect(files.lessons.length).toBeGreaterThan(0);
});
