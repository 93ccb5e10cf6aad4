import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PromptWatch, type WatchedScreen } from './prompt-watch.ts';

let line = '';
let type: 'normal' | 'alternate' = 'normal';
let parsed = (): void => undefined;
let prompts = 0;
let watch: PromptWatch;

/** A screen of one line, with the cursor at its end. */
function screen(): WatchedScreen {
  const getLine = () => ({ translateToString: () => line });
  const active = () => ({ type, baseY: 0, cursorY: 0, cursorX: line.length, getLine });
  return Object.create({}, {
    onWriteParsed: { value: (listener: () => void) => void (parsed = listener) },
    buffer: { value: Object.create({}, { active: { get: active } }) },
  });
}

function print(text: string): void {
  line = text;
  parsed();
}

beforeEach(() => {
  vi.useFakeTimers();
  line = '';
  type = 'normal';
  prompts = 0;
  watch = new PromptWatch(screen(), () => (prompts += 1));
});

afterEach(() => {
  watch.dispose();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test('a prompt after Enter tells that the command has ended, once', () => {
  watch.typed('ls\r');
  print('a  b');
  vi.advanceTimersByTime(1000);
  expect(prompts).toBe(0);
  print('learner@drydock:~$ ');
  vi.advanceTimersByTime(200);
  print('learner@drydock:~$ ');
  vi.advanceTimersByTime(200);
  expect(prompts).toBe(1);
});

test('a container\'s prompt counts, one that nothing was entered at does not', () => {
  print('/ # ');
  vi.advanceTimersByTime(200);
  expect(prompts).toBe(0);
  watch.typed('\r');
  print('/ # ');
  vi.advanceTimersByTime(200);
  expect(prompts).toBe(1);
});

test('what is drawn over at once, or on a full screen, is no prompt', () => {
  watch.typed('\r');
  print('cost: 5 $ ');
  vi.advanceTimersByTime(50);
  print('cost: 5 $ a piece');
  vi.advanceTimersByTime(1000);
  type = 'alternate';
  print('# ');
  vi.advanceTimersByTime(1000);
  expect(prompts).toBe(0);
});
