import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readLesson } from '../lesson-text.ts';
import { type Locale, locales, templateNames } from '../../../shared/locale.ts';
import { diagramStrings } from '../../i18n/diagram.ts';
import { anchorOf, arrowPaths, baselines, type Drawing, drawingWidth, type Line, lineText } from './drawing.ts';
import { drawings, type DiagramName } from './drawings.ts';
import { type DiagramText, parseDiagram } from './schema.ts';

const names = Object.keys(drawings) as DiagramName[];
const textOf = (name: string): DiagramText => parseDiagram(`${name}.yaml`, readFileSync(`content/diagrams/${name}.yaml`, 'utf8'));

/** Words of a drawing that it does not have are shown nowhere; the other way round, building it fails. */
const linesOf = ({ boxes, notes }: Drawing): Line[] => [...boxes.flatMap(({ lines }) => lines ?? []), ...notes.map(({ line }) => line)];

/** A little more than the letters take in the fonts of the theme, so that a text that passes fits. */
function estimatedWidth(text: string, code: boolean, first: boolean): number {
  return [...text].reduce((sum, letter) => sum + (/[\p{Script=Han}，、：]/u.test(letter) ? (first ? 12.5 : 11.5) : code ? (first ? 7 : 6.65) : first ? 6.7 : 5.8), 0);
}

it('has a text for each drawing, and a drawing for each text', () => {
  expect(readdirSync('content/diagrams').toSorted()).toEqual(names.map((name) => `${name}.yaml`).toSorted());
});

describe.each(names)('%s', (name) => {
  const drawing: Drawing = drawings[name];
  const text = textOf(name);

  it('uses all its words, and has those that it uses, in every language', () => {
    const used = linesOf(drawing).flatMap((line) => ('word' in line ? [line.word] : []));
    expect([...new Set(used)].toSorted()).toEqual(Object.keys(text.words).toSorted());
    for (const locale of locales) for (const line of linesOf(drawing)) expect(lineText(line, text, locale).trim()).not.toBe('');
  });

  it('brings out only parts that it has', () => {
    const parts = new Set([...drawing.boxes, ...drawing.arrows, ...drawing.notes].map(({ part }) => part));
    for (const { id, lit, live } of text.views) for (const part of [...lit, ...(live?.lit ?? [])]) expect(parts, `${id}: ${part}`).toContain(part);
  });

  it('names only views that it has where shapes come and go, and brings out nothing that is not there', () => {
    const views = text.views.map(({ id }) => id);
    for (const { only = [], not = [] } of [...drawing.boxes, ...drawing.arrows]) for (const view of [...only, ...not]) expect(views).toContain(view);
    for (const { covered = [] } of drawing.boxes) for (const view of covered) expect(views).toContain(view);
    for (const { id, lit } of text.views) {
      const there = [...drawing.boxes, ...drawing.arrows, ...drawing.notes].filter((shape) => !('only' in shape && shape.only?.includes(id) === false) && !('not' in shape && shape.not?.includes(id)));
      for (const part of lit) expect(there.map((shape) => shape.part), `${id}: ${part}`).toContain(part);
    }
  });

  it('says something of its own in every view, in every language', () => {
    for (const locale of locales) {
      for (const field of ['label', 'says'] as const) {
        const said = text.views.map((view) => view[field][locale]);
        expect(new Set(said).size).toBe(said.length);
      }
    }
    for (const { says, live } of text.views) {
      expect(says['zh-cn']).toMatch(/\p{Script=Han}/u);
      for (const locale of locales) if (live) expect(templateNames(live.says[locale])).toEqual(['name']);
    }
  });

  it('has Chinese punctuation in Chinese sentences', () => {
    const said = [text.title, text.description, text.question, ...Object.values(text.words), ...text.views.flatMap(({ label, says, live }) => [label, says, ...(live ? [live.says] : [])])];
    for (const { 'zh-cn': chinese } of said) expect(chinese).not.toMatch(/[\u4e00-\u9fff][,;:?!]/);
  });

  it.each(locales)('keeps its shapes within the drawing and its texts within their boxes, in %s', (locale: Locale) => {
    for (const box of drawing.boxes) {
      const lines = box.lines ?? [];
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(drawingWidth);
      expect(box.y + box.height).toBeLessThanOrEqual(drawing.height);
      const { x, anchor } = anchorOf(box);
      lines.forEach((line, index) => {
        const shown = lineText(line, text, locale);
        const width = estimatedWidth(shown, 'code' in line, index === 0 && box.look !== 'file' && box.look !== 'frame');
        const room = anchor === 'middle' ? box.width - 4 : box.x + box.width - x - 4;
        expect(width, shown).toBeLessThanOrEqual(room);
      });
      for (const y of baselines(box, lines.length)) expect(y).toBeLessThanOrEqual(box.y + box.height - 3);
    }
    for (const { x, y, line, anchor } of drawing.notes) {
      const width = estimatedWidth(lineText(line, text, locale), 'code' in line, false);
      const left = anchor === 'middle' ? x - width / 2 : anchor === 'end' ? x - width : x;
      expect(left, lineText(line, text, locale)).toBeGreaterThanOrEqual(0);
      expect(left + width, lineText(line, text, locale)).toBeLessThanOrEqual(drawingWidth);
      expect(y).toBeLessThanOrEqual(drawing.height);
    }
  });

  it('stands in one lesson, in every language', () => {
    const placed = locales.map((locale) =>
      readdirSync(`content/${locale}`, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.mdx') && readLesson(readFileSync(`content/${locale}/${file}`, 'utf8')).parts.some((part) => part.kind === 'component' && part.name === 'Diagram' && part.attributes['name'] === name)));
    expect(placed[0]).toHaveLength(1);
    expect(placed[1]).toEqual(placed[0]);
  });
});

describe('parseDiagram', () => {
  const words = '{ en: a, zh-cn: 甲 }';
  const head = `title: ${words}\ndescription: ${words}\ncontrol: choice\nquestion: ${words}\nwords: {}\nviews:\n`;
  const view = (id: string, more = '') => `  - { id: ${id}, label: ${words}, says: ${words}, lit: [x]${more} }\n`;

  it('refuses a text that one language lacks, views of one name, and happenings that are never told', () => {
    expect(() => parseDiagram('f', `${head}${view('a')}  - { id: b, label: { en: b }, says: ${words}, lit: [x] }\n`)).toThrow(/label\.zh-cn: is missing/);
    expect(() => parseDiagram('f', `${head}${view('a')}${view('a')}`)).toThrow(/“a” is there twice/);
    expect(() => parseDiagram('f', `${head}${view('a')}${view('b', `, live: { on: [request], says: ${words} }`)}`)).toThrow(/has no “live”/);
    expect(parseDiagram('f', `${head}${view('a')}${view('b')}`).views).toHaveLength(2);
  });
});

describe('arrowPaths', () => {
  it('ends the line where the head begins, which points along it', () => {
    expect(arrowPaths({ points: [[0, 0], [0, 20]] })).toEqual({ line: 'M0 0L0 13', heads: 'M0 20L-4 13L4 13Z' });
  });

  it('has heads at both ends where both is asked, and goes round corners', () => {
    const { line, heads } = arrowPaths({ points: [[0, 0], [20, 0], [20, 30]], both: true });
    expect(line).toBe('M7 0L20 0L20 23');
    expect(heads.match(/Z/g)).toHaveLength(2);
  });
});

describe('strings', () => {
  it('have the same values to fill in, in every language', () => {
    for (const key of Object.keys(diagramStrings.en) as (keyof typeof diagramStrings.en)[]) {
      expect(templateNames(diagramStrings['zh-cn'][key])).toEqual(templateNames(diagramStrings.en[key]));
      expect(diagramStrings['zh-cn'][key]).not.toBe(diagramStrings.en[key]);
    }
  });
});
