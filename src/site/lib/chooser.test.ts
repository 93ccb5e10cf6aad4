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

it('refuses ways that lead nowhere, in circles, or to nothing', () => {
  const both = `      - { text: ${words('a')}, advise: end }\n`;
  expect(() => parseChooser('f', chooser(`${both}      - { text: ${words('b')}, advise: nowhere }`))).toThrow(/no advice “nowhere”/);
  expect(() => parseChooser('f', chooser(`${both}      - { text: ${words('b')}, ask: first }`))).toThrow(/no question further down/);
  expect(() => parseChooser('f', chooser(`${both}      - { text: ${words('b')} }`))).toThrow(/exactly one/);
});

it('refuses an advice that nothing leads to', () => {
  const text = chooser(`      - { text: ${words('a')}, advise: end }\n      - { text: ${words('b')}, advise: end }`);
  expect(() => parseChooser('f', `${text}  lost: { title: ${words('t')}, text: ${words('x')} }\n`)).toThrow(/nothing leads to “lost”/);
});
