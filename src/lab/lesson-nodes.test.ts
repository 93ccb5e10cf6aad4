import { expect, it } from 'vitest';
import { onLessonNodes, renewLessonNodes } from './lesson-nodes.ts';

it('attaches at once and to every text that comes, and lets go of the one before', () => {
  const signals: AbortSignal[] = [];
  onLessonNodes((gone) => signals.push(gone));
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  renewLessonNodes();
  renewLessonNodes();
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, false]);
});

it('attaches what comes late to the nodes that are there', () => {
  renewLessonNodes();
  let signal: AbortSignal | undefined;
  onLessonNodes((gone) => (signal = gone));
  expect(signal?.aborted).toBe(false);
});
