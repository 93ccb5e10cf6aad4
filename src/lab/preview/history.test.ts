import { expect, it } from 'vitest';
import { type HistoryEntry, PreviewHistory } from './history.ts';

const entry = (url: string, document = 0): HistoryEntry => ({ url, document, state: null });

it('goes back and forward, and forgets what lay ahead of a new entry', () => {
  const history = new PreviewHistory();
  expect([history.current, history.canGo(-1), history.canGo(0)]).toEqual([undefined, false, false]);
  for (const url of ['a', 'b', 'c']) history.push(entry(url));
  expect(history.go(-2)?.url).toBe('a');
  expect([history.canGo(-1), history.canGo(2), history.canGo(3)]).toEqual([false, true, false]);
  expect(history.go(5)).toBeUndefined();
  expect(history.current?.url).toBe('a');
  history.replace(entry('a2'));
  history.push(entry('d'));
  expect(history.canGo(1)).toBe(false);
  expect(history.go(-1)?.url).toBe('a2');
});

it('keeps the last fifty', () => {
  const history = new PreviewHistory();
  for (let number = 0; number < 80; number++) history.push(entry(String(number)));
  expect(history.current?.url).toBe('79');
  expect(history.canGo(-49)).toBe(true);
  expect(history.canGo(-50)).toBe(false);
});

it('makes the first entry by replacing nothing', () => {
  const history = new PreviewHistory();
  history.replace(entry('a'));
  expect(history.current?.url).toBe('a');
});
