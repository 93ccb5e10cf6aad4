import { describe, expect, it } from 'vitest';
import { importedSpecifiers, importName, locationName, rewriteScript } from './script.ts';
import { scriptTokens } from './script-tokens.ts';

const url = 'http://localhost:8080/app.js';
/** The rewritten text with short names. */
const rewritten = (text: string, module = false): string => rewriteScript(text, { module, url }).replaceAll(locationName, 'L').replaceAll(importName, 'I');

describe('scriptTokens', () => {
  it('puts together what it cut', () => {
    const texts = ['a = b / c; /re[/]g/.test("x") // end', '`a${ { b: `c${d}` } }e` + f', "'open\nx", '`open ${', 'a /* b */ ?. c ? .5 : 0x1F', 'if (x) /y/g', '#!/bin/node\nx', '\u4f60 = "\\u{1F600}"', 'class A { #p = 1 }'];
    for (const text of texts) expect(scriptTokens(text).map((token) => token.text).join('')).toBe(text);
  });

  it('ends on any text', () => {
    const signs = ['`', '${', '}', '{', '"', "'", '/', '*', '\\', '\n', 'a', '1', '.', '(', ')', '[', ']', ' ', '\ud83d'];
    let seed = 3;
    for (let round = 0; round < 2000; round++) {
      let text = '';
      for (let count = 0; count < 14; count++) {
        seed = (seed * 1103515245 + 12345) % 2147483648;
        text += signs[seed % signs.length];
      }
      expect(scriptTokens(text).map((token) => token.text).join('')).toBe(text);
    }
  });
});

describe('rewriteScript', () => {
  it.each([
    ['location.href = "/x"', 'L.href = "/x"'],
    ['location = "/x"', 'L = "/x"'],
    ['window.location.reload()', 'window.L.reload()'],
    ['document . location', 'document . L'],
    ['top?.location', 'top?.L'],
    ['if (a) {location = "/x"}', 'if (a) {L = "/x"}'],
    ['a ? location : b', 'a ? L : b'],
    ['x = {b: a ? location : c}', 'x = {b: a ? L : c}'],
    ['f(location, 1)', 'f(L, 1)'],
    ['[location]', '[L]'],
    ['const location = useLocation(); return location.pathname', 'const L = useLocation(); return L.pathname'],
    ['const { location } = props', 'const { location: L } = props'],
    ['({ a, location, b })', '({ a, location: L, b })'],
    ['case location: x', 'case L: x'],
    ['`at ${location.host}`', '`at ${L.host}`'],
    ['x = a / location / b', 'x = a / L / b'],
  ])('exchanges the name in %s', (text, wanted) => {
    expect(rewritten(text)).toBe(wanted);
  });

  it.each([
    '"location"', '/location/', '// location', '/* location */', '`location`', 'x.location', 'a.window.location', '({ location: 1 })', 'geolocation', 'location$', 'class A { location() {} }', 'this.location',
  ])('leaves %s', (text) => {
    expect(rewritten(text)).toBe(text);
  });

  it('catches imports at run time', () => {
    expect(rewritten('import("./x.js").then(f)')).toBe(`I.bind(null,"${url}")("./x.js").then(f)`);
    expect(rewritten('a.import("x")')).toBe('a.import("x")');
    expect(rewritten('import.meta.url + import.meta.env', true)).toBe(`"${url}" + import.meta.env`);
  });

  it('puts addresses in place of specifiers', () => {
    const text = `import a from './a.js'; import './b.js';\nexport { c } from "./c.js"; export * from './d.js'; const e = ["from", './e.js']; import {f} from 'bare';`;
    expect(importedSpecifiers(text)).toEqual(['./a.js', './b.js', './c.js', './d.js', 'bare']);
    const resolve = (specifier: string): string | undefined => (specifier.startsWith('.') ? `blob:${specifier.slice(2)}` : undefined);
    expect(rewriteScript(text, { module: true, url, resolve })).toBe(
      `import a from "blob:a.js"; import "blob:b.js";\nexport { c } from "blob:c.js"; export * from "blob:d.js"; const e = ["from", './e.js']; import {f} from "bare";`,
    );
  });

  it('reads minified imports', () => {
    expect(importedSpecifiers('import{a as b}from"./x.js";import*as c from"./y.js";export{d}from"./z.js";x.from("no")')).toEqual(['./x.js', './y.js', './z.js']);
    expect(importedSpecifiers('let from = 1; x = y.from; z("a"); from\n"b"')).toEqual([]);
  });
});
