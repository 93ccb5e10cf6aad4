import { describe, expect, it } from 'vitest';
import { countDone, isNews, nextTask, type TaskStatus } from './status.ts';

const open: TaskStatus = { kind: 'open' };
const done: TaskStatus = { kind: 'done' };
const wrong = (en: string): TaskStatus => ({ kind: 'wrong', reason: { en, 'zh-cn': '原因' } });

describe('tasks', () => {
  it('go on with the first that is not done', () => {
    expect(nextTask([done, wrong('x'), open])).toBe(1);
    expect(nextTask([done, done])).toBeUndefined();
    expect(countDone([done, open, done])).toBe(2);
  });

  it('are announced when they become done, not when the page finds them done', () => {
    expect(isNews(open, done)).toBe(true);
    expect(isNews(wrong('x'), done)).toBe(true);
    expect(isNews(done, done)).toBe(false);
    expect(isNews(undefined, done)).toBe(false);
  });

  it('are announced with a new reason only', () => {
    expect(isNews(open, wrong('x'))).toBe(true);
    expect(isNews(wrong('x'), wrong('x'))).toBe(false);
    expect(isNews(wrong('x'), wrong('y'))).toBe(true);
    expect(isNews(wrong('x'), open)).toBe(false);
    expect(isNews(open, { kind: 'error', error: new Error('x') })).toBe(false);
  });
});
