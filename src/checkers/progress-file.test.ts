import { describe, expect, it } from 'vitest';
import { readProgressFile, writeProgressFile } from './progress-file.ts';

const noon = new Date('2026-01-02T12:00:00Z');
const lessons = { first: { version: 1 as const, done: { a: noon.toISOString() }, hints: { a: 1 } } };

describe('progress file', () => {
  it('comes back as it was saved', () => {
    expect(readProgressFile('a.json', writeProgressFile(lessons, noon))).toEqual(lessons);
  });

  it.each([
    ['what is no JSON', 'abc', /a\.json cannot be read: .*JSON/],
    ['another JSON', '{"name":"x"}', /format: /],
    ['a later version', writeProgressFile(lessons, noon).replace('"version": 1,\n  "saved"', '"version": 2,\n  "saved"'), /version: /],
    ['a date that is none', writeProgressFile(lessons, noon).replace('"a": "2026-01-02T12:00:00.000Z"', '"a": "noon"'), /lessons\.first\.done\.a: /],
    ['a lesson whose name is none', writeProgressFile(lessons, noon).replace('"first"', '"../first"'), /lessons/],
  ])('is refused if it is %s', (_, text, reason) => {
    expect(() => readProgressFile('a.json', text)).toThrow(reason);
    expect(() => readProgressFile('a.json', text)).toThrow('DD5010');
  });
});
