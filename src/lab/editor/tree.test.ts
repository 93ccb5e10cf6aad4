import { describe, expect, it } from 'vitest';
import type { DirEntry } from '../../guest/files.ts';
import { visibleNodes } from './tree.ts';

const entry = (name: string, type: DirEntry['type']): DirEntry => ({ name, type, mode: 0, size: 0, modified: new Date(0) });

describe('visibleNodes', () => {
  const folders = new Map<string, DirEntry[]>([
    ['/h', [entry('web', 'directory'), entry('notes', 'file')]],
    ['/h/web', [entry('css', 'directory'), entry('index.html', 'file')]],
    ['/h/web/css', [entry('a.css', 'file')]],
  ]);
  const paths = (open: string[]): string[] => visibleNodes('/h', folders, new Set(open)).map(({ path, level }) => `${level} ${path}`);

  it('shows the root, and inside of what is open', () => {
    expect(paths([])).toEqual(['1 /h/web', '1 /h/notes']);
    expect(paths(['/h/web'])).toEqual(['1 /h/web', '2 /h/web/css', '2 /h/web/index.html', '1 /h/notes']);
  });

  it('does not show what is open below something closed', () => {
    expect(paths(['/h/web/css'])).toEqual(['1 /h/web', '1 /h/notes']);
  });

  it('shows an open folder that was not read yet as empty', () => {
    expect(visibleNodes('/x', new Map(), new Set(['/x']))).toEqual([]);
  });
});
