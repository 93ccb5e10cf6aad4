import { describe, expect, it } from 'vitest';
import { textParts } from './code-text.ts';

describe('textParts', () => {
  it('sets code apart', () => {
    expect(textParts('Use `docker ps -a`.')).toEqual([
      { code: false, text: 'Use ' },
      { code: true, text: 'docker ps -a' },
      { code: false, text: '.' },
    ]);
    expect(textParts('`a``b`')).toEqual([{ code: true, text: 'a' }, { code: true, text: 'b' }]);
  });

  it('keeps a lone backtick', () => {
    expect(textParts('a ` b')).toEqual([{ code: false, text: 'a ` b' }]);
    expect(textParts('')).toEqual([]);
  });
});
