/**
 * What a drawing is made of. Every one is 360 units wide, a phone's text column: there one unit is one pixel, and no letter
 * is smaller than 11. What carries a `part` can be brought out by a view of that diagram.
 */
import type { Locale } from '../../../shared/locale.ts';
import type { DiagramText } from './schema.ts';

export const drawingWidth = 360;

/** Code is the same in every language; a word stands in the diagram's text. */
export type Line = { code: string } | { word: string };

/** In which views something is there, by their ids. Before a choice, what has `only` is not. */
interface Presence {
  only?: readonly string[];
  not?: readonly string[];
}

export interface Box extends Presence {
  part?: string;
  x: number;
  y: number;
  width: number;
  height: number;
  /** The first stands out. */
  lines?: readonly Line[];
  look?: 'frame' | 'passing' | 'file' | 'gone' | 'row';
  /** Where the lines begin; in the middle unless given. */
  align?: 'start' | 'corner';
  /** Views in which something lies over it. */
  covered?: readonly string[];
  /** Has the number of the learner's containers in this state, and their names in place of the second line. */
  state?: 'created' | 'running' | 'paused' | 'stopped';
}

type Point = readonly [x: number, y: number];

export interface Arrow extends Presence {
  part: string;
  /** At least two. */
  points: readonly Point[];
  /** Heads at both ends. */
  both?: boolean;
}

export interface Note {
  x: number;
  y: number;
  line: Line;
  anchor?: 'start' | 'middle' | 'end';
  part?: string;
}

export interface Drawing {
  height: number;
  /** Later ones lie over earlier ones. */
  boxes: readonly Box[];
  arrows: readonly Arrow[];
  notes: readonly Note[];
}

/** The characters to draw. Fails on a word that the text lacks. */
export function lineText(line: Line, text: Pick<DiagramText, 'words'>, locale: Locale): string {
  if ('code' in line) return line.code;
  const word = text.words[line.word];
  if (word === undefined) throw new Error(`the diagram's text has no word “${line.word}”; add it below “words”`);
  return word[locale];
}

/** Distance of lines in a box, and half the size of an arrow's head. */
export const lineHeight = 15;
const headLength = 7;
const headHalf = 4;

/** Baselines of the lines of a box. */
export function baselines({ y, height, align }: Box, count: number): number[] {
  const first = align === 'corner' ? y + 17 : y + height / 2 - ((count - 1) * lineHeight) / 2 + 4;
  return Array.from({ length: count }, (_, index) => first + index * lineHeight);
}

/** Where the lines of a box begin, and how they are aligned to it. */
export function anchorOf({ x, width, align, state }: Box): { x: number; anchor: 'start' | 'middle' } {
  return align === undefined && state === undefined ? { x: x + width / 2, anchor: 'middle' } : { x: x + 10, anchor: 'start' };
}

/** Paths of the line and of the heads. Drawn, not a marker: a marker does not take the colour of its line everywhere. */
export function arrowPaths({ points, both }: Pick<Arrow, 'points' | 'both'>): { line: string; heads: string } {
  const [first, second] = points;
  const [before, last] = points.slice(-2);
  if (!first || !second || !before || !last) throw new TypeError('an arrow needs two points');
  const end = head(before, last);
  const start = both ? head(second, first) : undefined;
  const middle = points.slice(1, -1);
  const line = [start?.base ?? first, ...middle, end.base].map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('');
  return { line, heads: `${start?.path ?? ''}${end.path}` };
}

function head([fromX, fromY]: Point, [x, y]: Point): { base: Point; path: string } {
  const length = Math.hypot(x - fromX, y - fromY);
  const [alongX, alongY] = [(x - fromX) / length, (y - fromY) / length];
  const base: Point = [x - alongX * headLength, y - alongY * headLength];
  const [sideX, sideY] = [-alongY * headHalf, alongX * headHalf];
  return { base, path: `M${x} ${y}L${base[0] + sideX} ${base[1] + sideY}L${base[0] - sideX} ${base[1] - sideY}Z` };
}
