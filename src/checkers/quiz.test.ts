import { describe, expect, it } from 'vitest';
import { parseQuizzes } from './load-quiz.ts';
import { mixed, moved, sameAnswer, sameChoice, sameOrder } from './quiz-answers.ts';

const good = `quizzes:
  - id: basics
    questions:
      - id: what
        kind: single
        text: { en: What?, zh-cn: 什么？ }
        options:
          - { id: a, text: { en: A, zh-cn: 甲 }, right: true, why: { en: Yes, zh-cn: 对 } }
          - { id: b, text: { en: B, zh-cn: 乙 }, why: { en: No, zh-cn: 不对 } }
      - id: which
        kind: text
        text: { en: Which?, zh-cn: 哪个？ }
        accept: [docker ps -a]
        why: { en: Yes, zh-cn: 对 }
        otherwise: { en: No, zh-cn: 不对 }
      - id: order
        kind: order
        text: { en: Order, zh-cn: 顺序 }
        items:
          - { id: one, text: { en: One, zh-cn: 一 } }
          - { id: two, text: { en: Two, zh-cn: 二 } }
          - { id: three, text: { en: Three, zh-cn: 三 } }
        why: { en: Yes, zh-cn: 对 }
        otherwise: { en: No, zh-cn: 不对 }
`;

describe('parseQuizzes', () => {
  it('accepts a good one', () => {
    expect(parseQuizzes('f', good).quizzes[0]?.questions.map(({ kind }) => kind)).toEqual(['single', 'text', 'order']);
  });

  it.each([
    ['two right answers of one', good.replace("{ en: B, zh-cn: 乙 }, why", "{ en: B, zh-cn: 乙 }, right: true, why"), 'line 8, quizzes.0.questions.0.options: needs exactly one option'],
    ['a kind there is not', good.replace('kind: text', 'kind: free'), 'quizzes.0.questions.1.kind'],
    ['a language that is missing', good.replace('{ en: Yes, zh-cn: 对 }', '{ en: Yes }'), 'zh-cn: is missing'],
    ['a question twice', good.replace('id: which', 'id: what'), 'question “what” is there twice'],
    ['an option twice', good.replace('{ id: b,', '{ id: a,'), 'quizzes.0.questions.0.options.1.id: “a” is there twice'],
    ['an item twice', good.replace('{ id: two,', '{ id: one,'), 'quizzes.0.questions.2.items.1.id: “one” is there twice'],
  ])('tells of %s', (_, text, problem) => {
    expect(() => parseQuizzes('content/quizzes/a.yaml', text)).toThrow(problem);
    expect(() => parseQuizzes('content/quizzes/a.yaml', text)).toThrow('DD4020');
  });
});

describe('answers', () => {
  it('takes a typed one whatever its case and spaces', () => {
    for (const text of ['docker ps -a', ' $ docker  ps -A ', 'Docker ps －a.']) expect(sameAnswer(text, 'docker ps -a'), text).toBe(true);
    expect(sameAnswer('docker ps', 'docker ps -a')).toBe(false);
  });

  it('wants all of the right choices and none besides', () => {
    expect(sameChoice(['a', 'b'], ['b', 'a'])).toBe(true);
    expect(sameChoice(['a', 'b'], ['a'])).toBe(false);
    expect(sameChoice(['a'], ['a', 'b'])).toBe(false);
  });

  it('mixes items, never into the right order', () => {
    for (const ids of [['one', 'two', 'three'], ['a', 'b', 'c'], ['c', 'b', 'a', 'd']]) {
      const items = ids.map((id) => ({ id }));
      const order = mixed(items).map(({ id }) => id);
      expect(sameOrder(ids, order)).toBe(false);
      expect(order.toSorted()).toEqual(ids.toSorted());
      expect(mixed(items).map(({ id }) => id)).toEqual(order);
    }
  });

  it('moves an item within the ends', () => {
    expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c']);
    expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b']);
    expect(moved(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'b', 'c']);
  });
});
