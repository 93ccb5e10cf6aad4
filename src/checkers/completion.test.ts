import { describe, expect, it } from 'vitest';
import { lessonCompletion, type LessonPlan, lessonToContinue, share, sumCompletion } from './completion.ts';
import type { LessonProgress } from './progress.ts';

const first: LessonPlan = { slug: 'a/first', title: 'First', exercise: 'first', tasks: ['one', 'two'], quiz: 'first', questions: ['q'] };
const text: LessonPlan = { slug: 'a/text', title: 'Text', tasks: [], questions: [] };

const load = (stored: Record<string, Partial<LessonProgress>>) => (name: string): LessonProgress => ({ version: 1, done: {}, hints: {}, ...stored[name] });

describe('completion', () => {
  it('counts what the lesson still has, and dates its end', () => {
    const half = lessonCompletion(first, load({ first: { done: { one: '2026-01-02T00:00:00Z', gone: '2026-01-02T00:00:00Z' } } }));
    expect(half).toEqual({ tasks: 2, tasksDone: 1, questions: 1, questionsDone: 0, finished: undefined });
    const all = lessonCompletion(first, load({ first: { done: { one: '2026-01-02T00:00:00Z', two: '2026-01-04T00:00:00Z' }, answered: { q: '2026-01-03T00:00:00Z' } } }));
    expect(share(all)).toEqual({ done: 3, total: 3 });
    expect(all.finished?.toISOString()).toBe('2026-01-04T00:00:00.000Z');
    const nothing = lessonCompletion(text, load({}));
    expect(nothing.finished).toBeUndefined();
    expect(sumCompletion([all, nothing]).finished).toEqual(all.finished);
    expect(sumCompletion([all, half])).toMatchObject({ tasks: 4, tasksDone: 3, finished: undefined });
  });

  it('goes on where the learner left', () => {
    const at = (lesson: string, tasksDone: number, tasks = 2) => ({ lesson, completion: { tasks, tasksDone, questions: 0, questionsDone: 0, finished: undefined } });
    expect(lessonToContinue([at('a', 0), at('b', 0)])).toBe('a');
    expect(lessonToContinue([at('a', 1), at('b', 2), at('text', 0, 0), at('c', 0)])).toBe('c');
    expect(lessonToContinue([at('a', 1), at('b', 2)])).toBe('a');
    expect(lessonToContinue([at('a', 2)])).toBeUndefined();
  });
});
