import { describe, expect, it } from 'vitest';
import { lowestFree, tabName, typedLines } from './titles.ts';

describe('tabName', () => {
  it('leaves out what is the same in every shell', () => {
    expect(tabName('learner@drydock: ~/web', 'Terminal 1')).toBe('~/web');
    expect(tabName('learner@drydock: ~', 'Terminal 1')).toBe('Terminal 1');
    expect(tabName('', 'Terminal 2')).toBe('Terminal 2');
    expect(tabName('vim', 'Terminal 1')).toBe('vim');
  });

  it('shortens by characters, not by code units', () => {
    expect(tabName('🐳'.repeat(40), 'x')).toBe(`${'🐳'.repeat(27)}…`);
  });
});

describe('lowestFree', () => {
  it('fills gaps first', () => {
    expect(lowestFree([])).toBe(1);
    expect(lowestFree([1, 3])).toBe(2);
    expect(lowestFree([2, 1])).toBe(3);
  });
});

describe('typedLines', () => {
  it('ends every line with Enter, and only once at the end', () => {
    expect(typedLines('docker ps')).toBe('docker ps\r');
    expect(typedLines('a\r\nb\n\n')).toBe('a\rb\r');
  });
});
