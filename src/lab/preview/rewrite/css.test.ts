import { describe, expect, it } from 'vitest';
import { cssReferences, replaceReferences } from './css.ts';

const found = (text: string): string[] => cssReferences(text).map(({ kind, url }) => `${kind} ${url}`);

describe('cssReferences', () => {
  it.each([
    ['a { background: url(x.png) }', ['resource x.png']],
    [`a { background: URL( "x y.png" ) , url('z.png')}`, ['resource x y.png', 'resource z.png']],
    ['@import "a.css"; @import url(b.css) screen; @IMPORT url("c.css");', ['import a.css', 'import b.css', 'import c.css']],
    ['@font-face { src: url(f.woff2) format("woff2"), url(f.ttf) }', ['resource f.woff2', 'resource f.ttf']],
    ['/* url(no.png) */ a { content: "url(no.png)"; b: url(yes.png) }', ['resource yes.png']],
    [String.raw`a { b: url(a\29 .png) ; c: url("a\"b") }`, ['resource a).png', 'resource a"b']],
    ['a { b: url(#grad); c: url(data:,x); d: url(); e: my-url(x) }', []],
    ['@import-like "x"; a { b: "y" }', []],
    ['a { b: url(open', ['resource open']],
    ['a { b: "open\n; c: url(x) }', ['resource x']],
  ])('reads %s', (text, wanted) => {
    expect(found(text)).toEqual(wanted);
  });

  it('ends on any text', () => {
    const signs = ['url(', '"', "'", '\\', ')', '/*', '*/', '@import ', '\n', 'a', ';', '{', ' '];
    let seed = 7;
    for (let round = 0; round < 2000; round++) {
      let text = '';
      for (let count = 0; count < 12; count++) {
        seed = (seed * 1103515245 + 12345) % 2147483648;
        text += signs[seed % signs.length];
      }
      const references = cssReferences(text);
      let last = 0;
      for (const { start, end } of references) {
        expect(start, text).toBeGreaterThanOrEqual(last);
        expect(end, text).toBeGreaterThan(start);
        expect(end, text).toBeLessThanOrEqual(text.length);
        last = end;
      }
    }
  });
});

describe('replaceReferences', () => {
  it('puts addresses in place and leaves the rest as it is', () => {
    const text = `@import 'a.css' print; b { c: url(d.png) no-repeat } /* e */`;
    const addresses: Record<string, string> = { 'a.css': 'blob:null/1' };
    expect(replaceReferences(text, cssReferences(text), ({ url }) => addresses[url])).toBe(`@import url("blob:null/1") print; b { c: url("data:,") no-repeat } /* e */`);
  });
});
