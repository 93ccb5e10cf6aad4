import { describe, expect, it } from 'vitest';
import { diskAction } from './disk-change.ts';

describe('diskAction', () => {
  it('ignores the echo of a save', () => {
    expect(diskAction({ baseline: 'a', text: 'a' }, 'a')).toBe('none');
    expect(diskAction({ baseline: 'a', text: 'ab' }, 'a')).toBe('none');
  });

  it('takes a new text while nothing was typed', () => {
    expect(diskAction({ baseline: 'a', text: 'a' }, 'b')).toBe('reload');
  });

  it('asks when both sides changed', () => {
    expect(diskAction({ baseline: 'a', text: 'mine' }, 'theirs')).toBe('conflict');
  });

  it('counts the same text from both sides as saved', () => {
    expect(diskAction({ baseline: 'a', text: 'b' }, 'b')).toBe('saved');
  });

  it('tells a deletion once, and notices when the file comes back', () => {
    expect(diskAction({ baseline: 'a', text: 'a' }, undefined)).toBe('deleted');
    expect(diskAction({ baseline: undefined, text: 'a' }, undefined)).toBe('none');
    expect(diskAction({ baseline: undefined, text: 'a' }, 'a')).toBe('saved');
    expect(diskAction({ baseline: undefined, text: 'a' }, 'new')).toBe('conflict');
  });
});
