import { expect, it } from 'vitest';
import { WriteStream } from 'node:tty';
import { createTerminalReporter, timeLeft } from './cli.ts';

it('guesses the time left from the pace so far', () => {
  expect(timeLeft({ stage: 's', done: 50, total: 100 }, 10_000)).toBe(', about 10 s left');
  expect(timeLeft({ stage: 's', done: 10, total: 100 }, 60_000)).toBe(', about 9 min left');
});

it('does not guess too early, nor at the end', () => {
  expect(timeLeft({ stage: 's', done: 50, total: 100 }, 100)).toBe('');
  expect(timeLeft({ stage: 's', done: 1, total: 100 }, 60_000)).toBe('');
  expect(timeLeft({ stage: 's', done: 100, total: 100 }, 60_000)).toBe('');
});

function reporterOn({ isTTY, columns = 80 }: { isTTY: boolean; columns?: number }) {
  const written: string[] = [];
  const output: NodeJS.WriteStream = Object.create(WriteStream.prototype, { isTTY: { value: isTTY }, columns: { value: columns }, write: { value: (text: string) => void written.push(text) } });
  return { written, reporter: createTerminalReporter(output, () => 0) };
}

it('writes a line for every tenth where nobody watches, also of things that are made side by side', () => {
  const { written, reporter } = reporterOn({ isTTY: false });
  for (const done of [0, 5, 9, 10, 100]) {
    reporter.progress({ stage: 'One', done, total: 100 });
    reporter.progress({ lane: 'beside', stage: 'Two', step: 'a', done, total: 100 });
  }
  expect(written).toEqual(['One: 0 %\n', 'beside: Two (a): 0 %\n', 'One: 10 %\n', 'beside: Two (a): 10 %\n', 'One: 100 %\n', 'beside: Two (a): 100 %\n']);
});

it('draws all that is being made on one line of a terminal, no wider than it is', () => {
  const { written, reporter } = reporterOn({ isTTY: true, columns: 30 });
  reporter.progress({ stage: 'One', done: 1, total: 100 });
  reporter.progress({ lane: 'beside', stage: 'Two', done: 2, total: 100 });
  reporter.progress({ stage: 'One', done: 100, total: 100 });
  expect(written).toEqual(['\r\u001b[KOne: 1 %', '\r\u001b[KOne: 1 %   beside: Two: 2 %', '\r\u001b[KOne: 100 %\nbeside: Two: 2 %']);
});
