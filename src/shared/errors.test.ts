import { describe, expect, it } from 'vitest';
import { DrydockError, describeError, deserializeError, errorCatalogue, isDrydockError, serializeError } from './errors.ts';
import type { ErrorEntry } from './errors/entry.ts';
import { locales, templateNames } from './locale.ts';

const entries: [string, ErrorEntry][] = Object.entries(errorCatalogue);

describe('catalogue', () => {
  it('gives no code twice', () => {
    const codes = entries.map(([, entry]) => entry.code);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
    for (const code of codes) expect(code).toMatch(/^DD[1-9][0-9]{3}$/);
  });

  it.each(entries)('%s has every text in every language, with declared parameters only', (_kind, entry) => {
    for (const field of [entry.title, entry.why, entry.action]) {
      expect(Object.keys(field).sort()).toEqual([...locales].sort());
      for (const locale of locales) {
        expect(field[locale].trim()).not.toBe('');
        for (const name of templateNames(field[locale])) expect(entry.params).toContain(name);
      }
      expect(new Set(templateNames(field.en))).toEqual(new Set(templateNames(field['zh-cn'])));
    }
    const used = [entry.title, entry.why, entry.action].flatMap((field) => templateNames(field.en));
    for (const name of entry.params) expect(used).toContain(name);
  });

  it('holds Chinese where Chinese is promised', () => {
    for (const [, entry] of entries) expect(entry.title['zh-cn'] + entry.action['zh-cn']).toMatch(/\p{Script=Han}/u);
  });
});

describe('DrydockError', () => {
  it('carries code, kind and an English message', () => {
    const error = new DrydockError('engine-api-error', { request: 'GET /info', status: 500, message: 'boom' });
    expect(error.code).toBe('DD3002');
    expect(error.message).toBe('DD3002 The Docker Engine refused a request: GET /info was answered with status 500: boom');
    expect(isDrydockError(error, 'engine-api-error')).toBe(true);
    expect(isDrydockError(error, 'link-closed')).toBe(false);
  });

  it('is described in both languages', () => {
    const error = new DrydockError('memory-insufficient', { neededMiB: 512 });
    expect(describeError(error, 'en').why).toBe('The browser refused the 512 MiB that the machine needs.');
    expect(describeError(error, 'zh-cn').why).toContain('512 MiB 内存');
  });

  it('wraps what is not of the catalogue', () => {
    expect(describeError(new TypeError('x is not a function'), 'en')).toMatchObject({ code: 'DD9001', why: 'x is not a function' });
    expect(describeError('text', 'zh-cn')).toMatchObject({ code: 'DD9001', why: 'text' });
  });
});

describe('serialization', () => {
  it('survives structured clone with its chain of causes', () => {
    const inner = new DrydockError('link-closed', { what: 'read', reason: 'gone' }, { cause: new RangeError('deep') });
    const error = new DrydockError('save-failed', { path: '/a', reason: 'gone' }, { cause: inner });
    const back = deserializeError(structuredClone(serializeError(error)));
    expect(back).toBeInstanceOf(DrydockError);
    expect(back.message).toBe(error.message);
    expect(back.stack).toBe(error.stack);
    const cause = back.cause;
    if (!isDrydockError(cause, 'link-closed')) throw new Error('cause was lost');
    expect(cause.params).toEqual({ what: 'read', reason: 'gone' });
    expect(cause.cause).toMatchObject({ name: 'RangeError', message: 'deep' });
  });

  it('does not hang on a cyclic chain', () => {
    const error = new DrydockError('unexpected', { reason: 'loop' });
    error.cause = error;
    expect(JSON.stringify(serializeError(error)).length).toBeLessThan(50_000);
  });

  it('turns foreign data and unknown kinds into an error instead of throwing', () => {
    expect(deserializeError(null).code).toBe('DD9001');
    expect(deserializeError({ drydockError: 1, kind: 'toString', params: {} }).params['reason']).toContain('toString');
  });
});
