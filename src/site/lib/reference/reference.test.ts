import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fieldsOf, toSchemaNode } from './fields.ts';
import { descriptions, referenceSections } from './sections.ts';
import { chinese } from './zh-cn.ts';

describe('fields of a schema', () => {
  it('come with path, type, default and what is inside of them', () => {
    const schema = z.strictObject({
      name: z.string().describe('Name'),
      mode: z.enum(['a', 'b']).default('a'),
      files: z.array(z.strictObject({ path: z.string(), big: z.boolean().optional() })).default([]).describe('Files'),
      expect: z.union([z.enum(['exists']), z.strictObject({ count: z.int() })]).optional(),
      env: z.record(z.string(), z.string()).optional(),
      steps: z.record(z.string(), z.strictObject({ text: z.string() })).describe('By id'),
    });
    expect(fieldsOf(toSchemaNode(schema), {})).toEqual([
      { path: 'name', type: { kind: 'text' }, required: true, fallback: undefined, description: 'Name' },
      { path: 'mode', type: { kind: 'choice', values: ['a', 'b'] }, required: false, fallback: '"a"', description: undefined },
      { path: 'files', type: { kind: 'list', of: { kind: 'object' } }, required: false, fallback: undefined, description: 'Files' },
      { path: 'files[].path', type: { kind: 'text' }, required: true, fallback: undefined, description: undefined },
      { path: 'files[].big', type: { kind: 'flag' }, required: false, fallback: undefined, description: undefined },
      { path: 'expect', type: { kind: 'either', types: [{ kind: 'choice', values: ['exists'] }, { kind: 'object' }] }, required: false, fallback: undefined, description: undefined },
      { path: 'expect.count', type: { kind: 'number' }, required: true, fallback: undefined, description: undefined },
      { path: 'env', type: { kind: 'map' }, required: false, fallback: undefined, description: undefined },
      { path: 'steps', type: { kind: 'map' }, required: true, fallback: undefined, description: 'By id' },
      { path: 'steps.<id>.text', type: { kind: 'text' }, required: true, fallback: undefined, description: undefined },
    ]);
  });
});

describe('the reference', () => {
  const sections = referenceSections();
  const field = (section: string, path: string) => sections.find(({ id }) => id === section)?.fields.find((known) => known.path === path);

  it('has every file an author writes, and every kind of assertion and question', () => {
    const ids = sections.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    expect(ids).toEqual(expect.arrayContaining(['lesson', 'course', 'exercise', 'assertions', 'look-container', 'look-command', 'where-container', 'has-container', 'quiz', 'kind-order']));
    for (const { id, fields } of sections) if (id !== 'questions') expect(fields, id).not.toEqual([]);
    expect(field('lesson', 'exercise')?.required).toBe(false);
    expect(field('course', 'modules[].defaults')?.type).toEqual({ kind: 'section', id: 'defaults' });
    expect(field('defaults', 'host')).toMatchObject({ required: false, fallback: undefined });
    expect(field('defaults', 'start.images')).toMatchObject({ required: false, description: 'Container images that must be present' });
    expect(field('exercise', 'start')).toMatchObject({ required: false, fallback: undefined });
    expect(field('exercise', 'host')?.fallback).toBe('"machine"');
    expect(field('exercise', 'tasks[].assertions')?.type).toEqual({ kind: 'list', of: { kind: 'section', id: 'assertions' } });
    expect(field('exercise', 'start.files[].mode')?.fallback).toBe('"0644"');
    expect(field('look-container', 'where')?.type).toEqual({ kind: 'section', id: 'where-container' });
    expect(field('look-container', 'expect')?.type).toMatchObject({ kind: 'either' });
    expect(field('has-container', 'has.port.container')?.required).toBe(true);
    expect(field('glossary', 'terms[].text')?.type).toEqual({ kind: 'localized' });
    expect(field('chooser', 'questions.<id>.answers[].advise')).toMatchObject({ required: false, description: 'Id of the advice, in place of a further question' });
    expect(field('diagram', 'views[].live.on')).toMatchObject({ required: true, type: { kind: 'list', of: { kind: 'text' } } });
    expect(field('quiz', 'quizzes[].questions')?.type).toEqual({ kind: 'list', of: { kind: 'section', id: 'questions' } });
  });

  it('leaves out no YAML file of the course', () => {
    const known = sections.flatMap(({ file }) => (file === undefined ? [] : [new RegExp(`^${file.replaceAll('.', String.raw`\.`).replaceAll(/<[^>]+>/g, '[^/]+')}$`)]));
    const files = globSync('content/**/*.yaml').map((file) => file.replaceAll('\\', '/'));
    expect(files).toContain('content/choosers/desktop.yaml');
    expect(files.filter((file) => !known.some((pattern) => pattern.test(file)))).toEqual([]);
  });

  it('links to sections that there are', () => {
    const text = JSON.stringify(sections);
    const ids = new Set(sections.map(({ id }) => id));
    for (const [, id] of text.matchAll(/"kind":"section","id":"([^"]+)"/g)) expect(ids).toContain(id);
  });

  it('is translated, and nothing is translated that is not there any more', () => {
    const wanted = descriptions(sections);
    expect(wanted.filter((text) => !(text in chinese)), 'without a translation in zh-cn.ts').toEqual([]);
    expect(Object.keys(chinese).filter((text) => !wanted.includes(text)), 'in zh-cn.ts, but in no schema').toEqual([]);
    for (const [english, text] of Object.entries(chinese)) {
      expect(text, english).toMatch(/\p{Script=Han}/u);
      expect([...text.matchAll(/`[^`]+`/g)].length, english).toBe([...english.matchAll(/`[^`]+`/g)].length);
    }
  });
});
