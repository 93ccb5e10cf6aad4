import { expect, it } from 'vitest';
import { parseSrcset } from './srcset.ts';

it.each([
  ['a.png', ['a.png|']],
  ['a.png 1x, b.png 2x', ['a.png|1x', 'b.png|2x']],
  ['a,b.png 640w,\n c.png 1280w', ['a,b.png|640w', 'c.png|1280w']],
  ['a.png, b.png', ['a.png|', 'b.png|']],
  ['data:image/png;base64,AAAA 1x, b.png 2x', ['data:image/png;base64,AAAA|1x', 'b.png|2x']],
  [' , ,', []],
  ['', []],
])('reads “%s”', (text, wanted) => {
  expect(parseSrcset(text).map(({ url, descriptor }) => `${url}|${descriptor}`)).toEqual(wanted);
});
