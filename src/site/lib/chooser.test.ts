import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseChooser } from './chooser.ts';

const words = (text: string) => `{ en: ${text}, zh-cn: ${text} }`;

function chooser(answers: string): string {
  return `questions:\n  first:\n    text: ${words('q')}\n    answers:\n${answers}\nadvice:\n  end: { title: ${words('t')}, text: ${words('x')} }\n`;
}

it('reads the chooser of the course', () => {
  const { questions, advice } = parseChooser('desktop.yaml', readFileSync('content/choosers/desktop.yaml', 'utf8'));
  expect(Object.keys(questions)[0]).toBe('system');
  expect(Object.keys(advice).length).toBeGreaterThan(3);
});

/** A chooser of two answers; the second stands on line 6. */
const withAnswer = (answer: string): string => chooser(`      - { text: ${words('a')}, advise: end }\n      - ${answer}`);

it.each([
  ['an advice there is not', `{ text: ${words('b')}, advise: edn }`, 'line 6, questions.first.answers.1.advise: there is no advice “edn”; did you mean “end”? Correct the id, or write it under “advice”'],
  ['a question there is not', `{ text: ${words('b')}, ask: second }`, 'line 6, questions.first.answers.1.ask: there is no question “second”; write it further down, or correct the id'],
  ['a circle', `{ text: ${words('b')}, ask: first }`, 'line 6, questions.first.answers.1.ask: “first” is no question further down, so the way would lead in a circle; name one that is'],
  ['an end without advice', `{ text: ${words('b')} }`, 'line 6, questions.first.answers.1: needs exactly one of “ask” and “advise”; add the one that is meant'],
])('refuses %s, and says where and what to do', (_, answer, problem) => {
  expect(() => parseChooser('f', withAnswer(answer))).toThrow(problem);
});

it('refuses what nothing leads to, with its line', () => {
  const text = withAnswer(`{ text: ${words('b')}, advise: end }`);
  expect(() => parseChooser('f', `${text}  lost: { title: ${words('t')}, text: ${words('x')} }\n`)).toThrow('line 9, advice.lost: nothing leads to “lost”; write “advise: lost” into an answer, or remove it');
  const question = `  astray: { text: ${words('q')}, answers: [{ text: ${words('a')}, advise: end }, { text: ${words('b')}, advise: end }] }\n`;
  expect(() => parseChooser('f', text.replace('advice:', `${question}advice:`))).toThrow('line 7, questions.astray: nothing leads to “astray”; write “ask: astray”');
});
