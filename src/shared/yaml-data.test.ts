import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { idSchema } from './id.ts';
import { parseYaml } from './yaml-data.ts';

const item = z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('box'), size: z.int().min(1).max(9) }), z.strictObject({ kind: z.literal('crate'), on: z.boolean() })]);

const schema = z.strictObject({
  title: z.string().trim().min(1).optional(),
  code: z.string().regex(/^[0-9]{4}$/).optional(),
  path: z.string().startsWith('/').optional(),
  short: z.string().max(3).optional(),
  step: z.int().multipleOf(5).optional(),
  mode: z.enum(['on', 'off']).optional(),
  lines: z.array(z.string()).min(1).max(2).optional(),
  pair: z.array(z.string()).length(2).optional(),
  words: z.record(idSchema, z.string()).optional(),
  expect: z.union([z.literal('exists'), z.strictObject({ count: z.int() })]).optional(),
  item: item.optional(),
});

/** The problems told of a text, one a line. */
function told(text: string): string {
  const parsed = parseYaml(text, schema, 'crates');
  return parsed.ok ? 'accepted' : parsed.problems.join('\n');
}

describe('what the schema refuses', () => {
  it.each([
    ['title: ""', 'line 1, title: is empty; write a text'],
    ['title: 5', 'line 1, title: must be string, and is 5; write a text; numbers, dates and true need quotes'],
    ['title: # yes', 'line 1, title: must be string, and is empty (what begins with # is a comment'],
    ['mode: on\ncode: abcd', 'line 2, code: must be of the form /^[0-9]{4}$/, and is “abcd”'],
    ['path: etc', 'line 1, path: must begin with “/”, and is “etc”'],
    ['short: longer', 'line 1, short: must have at most 3 characters; shorten it'],
    ['step: 7', 'line 1, step: must be a multiple of 5, and is 7'],
    ['step: x', 'line 1, step: must be number, and is “x”; write a number, without quotes'],
    ['mode: of', 'line 1, mode: must be on or off, and is “of”'],
    ['lines: []', 'line 1, lines: is empty; put something into the list'],
    ['lines: [a, b, c]', 'line 1, lines: must have at most 2 items; remove some'],
    ['lines: a', 'line 1, lines: must be array, and is “a”; write a list, each item behind “- ”'],
    ['pair: [a]', 'line 1, pair: must have exactly 2 items; add to the list'],
    ['words: { Big Word: a }', 'line 1, words.Big Word: a name must be lower-case words joined by hyphens; rename it'],
    ['expect: exist', 'line 1, expect: must be exists, and is “exist”'],
    ['expect: { count: many }', 'line 1, expect.count: must be number, and is “many”'],
    ['item: { kind: bax }', 'line 1, item.kind: has no known value (“bax”); did you mean “box”? See the reference for authors, /en/reference/#crates'],
    ['item: { kind: elephant }', 'line 1, item.kind: has no known value (“elephant”); write box or crate; see the reference for authors, /en/reference/#crates'],
    ['item: { size: 3 }', 'line 1, item.kind: is missing; add it (box or crate)'],
    ['item: { kind: box }', 'line 1, item.size: is missing; add it (a number)'],
    ['item: { kind: box, size: 0 }', 'line 1, item.size: must be at least 1, and is 0'],
    ['item: { kind: crate, on: yes }', 'line 1, item.on: must be boolean, and is “yes”; write true or false, without quotes'],
    ['item: []', 'line 1, item: must be object, and is a list; write fields'],
  ])('%s is told as what to write', (text, problem) => {
    expect(told(text)).toContain(problem);
  });

  it('has none of zod’s own words', () => {
    for (const text of ['title: 5', 'lines: []', 'path: x', 'item: {}', 'item: 1', 'words: 1', 'step: 1.5', 'step: .inf']) expect(told(text), text).not.toMatch(/Invalid|Too (small|big)|accepted/);
  });
});

it('says which field was meant, also behind a function or before one', () => {
  const object = z.strictObject({ commands: z.string().optional() });
  for (const wrapped of [z.preprocess((value) => value, object), object.transform((value) => value)]) {
    const parsed = parseYaml('command: ls', wrapped, '');
    expect(parsed).toEqual({ ok: false, problems: ['line 1, the file: does not know “command”; did you mean “commands”? Correct the spelling, the indentation, or remove it'] });
  }
});

describe('what YAML refuses', () => {
  it.each([
    ['title: Two things: one and another', 'line 1, column 8: YAML cannot read this (Nested mappings are not allowed in compact mappings); a text with a colon and a space in it must stand in quotes'],
    ['words: { a: one: two }', 'between { and } a text with a colon and a space in it, or with a comma, must stand in quotes'],
    ['mode: on\ntitle: `docker ps`', 'line 2, column 8: YAML cannot read this (Plain value cannot start with reserved character `); put the whole text in quotes: it begins with'],
    ['title: *bold', 'line 1, column 8: YAML takes “*bold” for a reference to something further up, and there is none; put the whole text in quotes'],
    ['title: *bold* text', 'put the whole text in quotes, or indent the line like its neighbours'],
    ['title: !important', 'put the whole text in quotes: it begins with !'],
    ["title: 'it's'", 'in single quotes a quote is written twice'],
    ['title: "open', 'close the quote that is still open; it may stand further up'],
    ['lines: [a, b', 'close the { or [ that is still open; it may stand further up'],
    ['words:\n\ta: b', 'line 2, column 1: YAML cannot read this (Tabs are not allowed as indentation); indent with spaces'],
    ['words:\n  a: b\n c: d', 'line 3, column 1: YAML cannot read this (All mapping items must start at the same column); let the fields of one thing begin in the same column'],
    ['title: a\ntitle: b', 'line 2, column 1: YAML cannot read this (Map keys must be unique); the field is there twice'],
    ['title: "\\d"', 'write two backslashes, or put the text in single quotes'],
    ['title: a\nmode', 'line 2, column 1: YAML cannot read this (Implicit map keys need to be followed by map values); write a field as “name: value”'],
    ['lines: - a', 'begin the list on the next line'],
    ['title: |text', 'begin the text on the next line'],
    ['title: a\n---\nmode: on', 'line 2, column 1: YAML cannot read this (Source contains multiple documents'],
    ['title: }', 'look at quotes, brackets and indentation here and in the line before'],
  ])('%j is told with its place and a remedy', (text, problem) => {
    expect(told(text)).toContain(problem);
  });

  it('is told once where several errors follow from it', () => {
    expect(told('- a\ntitle: b').split('\n')).toHaveLength(1);
  });

  it('lets references be that there are', () => {
    expect(told('title: &one text\nshort: *one')).toBe('line 2, short: must have at most 3 characters; shorten it');
  });
});
