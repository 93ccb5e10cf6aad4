import { describe, expect, it } from 'vitest';
import { nearest, suggestion } from './spelling.ts';

describe('nearest', () => {
  it.each([
    ['--detatch', ['--attach', '--detach', '--detach-keys'], '--detach'],
    ['excercise', ['title', 'description', 'exercise'], 'exercise'],
    ['Taks', ['Task', 'Term'], 'Task'],
    ['imgaes', ['images', 'image', 'info'], 'images'],
    ['elephant', ['images', 'image', 'info'], undefined],
    ['ps', ['cp', 'rm'], undefined],
  ])('takes %s for the word that was meant', (word, words, meant) => {
    expect(nearest(word, words)).toBe(meant);
  });

  it('says nothing where no word is near', () => {
    expect(suggestion('elephant', ['ant'])).toBe('');
    expect(suggestion('Taks', ['Task'])).toBe('; did you mean “Task”?');
  });
});
