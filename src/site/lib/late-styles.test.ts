import { expect, it } from 'vitest';
import { styleScript } from './late-styles.ts';

it('makes a script that adds the sheet without its comments', () => {
  expect(styleScript('/* mine */\n.a { color: red; }', '/styles')).toBe(
    ['const style = document.createElement(\'style\');', 'style.textContent = "\\n.a { color: red; }";', 'document.head.append(style);'].join('\n'),
  );
});

it('brings the files that the sheet names, and leaves addresses that hold their data', () => {
  const script = styleScript('@font-face { src: url("./icons.ttf") format("truetype"), url(../b.woff) } .c { background: url("data:image/png;base64,AA") }', '/styles/icons');
  expect(script).toContain('import file0 from "/styles/icons/icons.ttf?url";');
  expect(script).toContain('import file1 from "/styles/b.woff?url";');
  expect(script).toContain('`url("${file0}")` + " format(\\"truetype\\"), " + `url("${file1}")`');
  expect(script).toContain('url(\\"data:image/png;base64,AA\\")');
});
