import { expect, it } from 'vitest';
import { isWork } from './note-work.ts';

const key = (name: string, more: Partial<Parameters<typeof isWork>[0]> = {}) => ({ key: name, ctrlKey: false, shiftKey: false, metaKey: false, ...more });

it('takes what is typed for work, also with an input method', () => {
  for (const typed of [key('a'), key('A', { shiftKey: true }), key('Enter'), key('Backspace'), key('c', { ctrlKey: true }), key('Process')]) expect(isWork(typed), typed.key).toBe(true);
});

it('does not take looking around or copying for work', () => {
  for (const looked of [key('Tab'), key('ArrowUp'), key('PageDown'), key('Escape'), key('F6'), key('Shift', { shiftKey: true }), key('C', { ctrlKey: true, shiftKey: true }), key('c', { metaKey: true })]) expect(isWork(looked), looked.key).toBe(false);
});
