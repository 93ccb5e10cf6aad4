import { describe, expect, it } from 'vitest';
import type { DiagramView } from './data.ts';
import { namesByColumn, presenceIn, shortNames, shownOf, statesInWords, stepFrom } from './model.ts';

const views: DiagramView[] = [
  { id: 'read', label: 'read', says: 'reads', lit: ['a'], live: undefined },
  { id: 'start', label: 'start', says: 'starts', lit: ['a', 'b'], live: { on: ['container start', 'container restart'], lit: ['b'], says: '`{name}` runs' } },
];

describe('presenceIn', () => {
  const always = { only: undefined, not: undefined, covered: undefined };

  it('shows what belongs to some views in these only, and not before a choice', () => {
    const shape = { ...always, only: 'change add' };
    expect([undefined, 'read', 'add'].map((view) => presenceIn(shape, view).off)).toEqual([true, true, false]);
  });

  it('takes away what is gone in a view, and covers what is covered there', () => {
    const shape = { ...always, not: 'delete', covered: 'change' };
    expect([undefined, 'change', 'delete'].map((view) => presenceIn(shape, view))).toEqual([
      { off: false, covered: false },
      { off: false, covered: true },
      { off: true, covered: false },
    ]);
  });
});

describe('stepFrom', () => {
  it('goes on and back, and ends at both ends', () => {
    expect([stepFrom(0, 1, 3), stepFrom(2, -1, 3), stepFrom(0, -1, 3), stepFrom(2, 1, 3)]).toEqual([1, 1, undefined, undefined]);
  });
});

describe('shownOf', () => {
  it('lights up what a happening tells of, and fills in its name', () => {
    expect(shownOf(views, { what: 'container restart', name: 'web' })).toEqual({ lit: ['b'], says: '`web` runs' });
  });

  it('leaves alone what no view tells of', () => {
    expect(shownOf(views, { what: 'network create', name: 'web' })).toBeUndefined();
    expect(shownOf(views, { what: 'container', name: 'web' })).toBeUndefined();
  });
});

describe('the states', () => {
  const names = namesByColumn([{ name: 'web', column: 'running' }, { name: 'old', column: 'stopped' }, { name: 'db', column: 'running' }]);

  it('have the containers of each, in their order', () => {
    expect(names).toEqual({ created: [], running: ['web', 'db'], paused: [], stopped: ['old'] });
  });

  it('are said in words, the empty ones too', () => {
    const strings = { step: '', choose: '', now: '', none: 'none', separator: ', ' };
    expect(statesInWords('Running: {running}. Paused: {paused}.', names, strings)).toBe('Running: 2 (web, db). Paused: none.');
  });
});

describe('shortNames', () => {
  it('shows as many as have room, and how many more there are', () => {
    expect(shortNames(['web', 'db'], 20)).toBe('web db');
    expect(shortNames(['web', 'db', 'cache'], 8)).toBe('web +2');
    expect(shortNames(['a-very-long-name', 'db'], 10)).toBe('a-very… +1');
    expect(shortNames([], 10)).toBe('');
  });
});
