/** The quizzes of lessons, read and checked when the site is built. */
import { parseQuizzes } from '../../checkers/load-quiz.ts';
import type { Quiz } from '../../checkers/quiz.ts';

const texts = import.meta.glob<string>('/content/quizzes/*.yaml', { query: '?raw', import: 'default' });

/** The file of a lesson by the end of its address; also the name under which its answers are kept. */
export function quizName(slug: string): string {
  return slug.split('/').at(-1) ?? slug;
}

/** The quizzes of a lesson; none if it has no file. Fails with `content-invalid`. */
export async function quizzesFor(slug: string): Promise<Quiz[]> {
  const file = `/content/quizzes/${quizName(slug)}.yaml`;
  const read = texts[file];
  return read ? parseQuizzes(file.slice(1), await read()).quizzes : [];
}
