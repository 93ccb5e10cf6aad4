import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../../shared/bytes.ts';
import { decodeText, fileName, showAnswer } from './documents.ts';

const url = 'http://localhost:8080/files/report%201.bin?x';

function shown(headers: Record<string, string>, body: string | Uint8Array = 'x', status = 200) {
  return showAnswer({ url, status, reason: status === 200 ? 'OK' : 'Not Found', headers: Object.entries(headers) }, typeof body === 'string' ? encodeUtf8(body) : body, 'nothing else');
}

describe('showAnswer', () => {
  it('shows pages as they are, and texts as text', () => {
    expect(shown({ 'Content-Type': 'text/html; charset=utf-8' }, '<b>hi</b>')).toEqual({ kind: 'html', html: '<b>hi</b>' });
    expect(shown({ 'content-type': 'application/json' }, '{"a":[1]}')).toMatchObject({ html: expect.stringContaining('{\n  &quot;a&quot;: [\n    1\n  ]\n}') });
    expect(shown({ 'Content-Type': 'text/plain' }, '<script>')).toMatchObject({ html: expect.stringContaining('<pre>&lt;script></pre>') });
    expect(shown({ 'Content-Type': 'image/png' }, new Uint8Array([1, 2]))).toMatchObject({ html: expect.stringContaining('src="data:image/png;base64,AQI="') });
  });

  it('offers the rest as a file', () => {
    expect(shown({ 'Content-Type': 'application/zip' })).toEqual({ kind: 'file', name: 'report 1.bin', type: 'application/zip' });
    expect(shown({ 'Content-Type': 'text/html', 'Content-Disposition': 'attachment; filename="a.html"' })).toEqual({ kind: 'file', name: 'a.html', type: 'text/html' });
  });

  it('looks at the bytes when the server does not say', () => {
    expect(shown({}, '\n<!DOCTYPE html><p>x')).toEqual({ kind: 'html', html: '\n<!DOCTYPE html><p>x' });
    expect(shown({}, 'hello')).toMatchObject({ html: expect.stringContaining('<pre>hello') });
    expect(shown({}, new Uint8Array([0, 1]))).toMatchObject({ kind: 'file' });
  });

  it('says something for an error without a word', () => {
    expect(shown({}, '', 404)).toMatchObject({ html: expect.stringContaining('<h1>404 Not Found</h1><p>nothing else</p>') });
  });
});

describe('decodeText', () => {
  it('follows mark, header, meta', () => {
    expect(decodeText(new Uint8Array([0xff, 0xfe, 0x60, 0x4f]), 'text/html')).toBe('你');
    expect(decodeText(new Uint8Array([0xc4, 0xe3]), 'text/html; charset=GBK')).toBe('你');
    expect(decodeText(new Uint8Array([...encodeUtf8('<meta charset="gb2312">'), 0xc4, 0xe3]), '')).toContain('你');
    expect(decodeText(encodeUtf8('你'), 'text/html; charset=nonsense')).toBe('你');
  });
});

describe('fileName', () => {
  it.each([
    [`attachment; filename*=UTF-8''%E4%BD%A0.txt; filename="x"`, '你.txt'],
    ['attachment; filename=plain.txt', 'plain.txt'],
    ['attachment; filename="../../etc/passwd"', 'passwd'],
    ['attachment', 'report 1.bin'],
  ])('reads %s', (disposition, wanted) => {
    expect(fileName(disposition, url)).toBe(wanted);
  });
});
