import { mkdir, mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { precompress } from './precompress.ts';

it('puts a copy beside each text that is long enough, in all folders', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'drydock-'));
  await mkdir(join(folder, 'en'));
  const long = 'harbour '.repeat(400);
  for (const [path, text] of [['en/index.html', long], ['a.js', long], ['short.css', 'a{}'], ['part.zst', long]] as const) await writeFile(join(folder, path), text);
  expect(await precompress(folder)).toBe(2);
  expect((await readdir(folder)).sort()).toEqual(['a.js', 'a.js.gz', 'en', 'part.zst', 'short.css']);
  expect(gunzipSync(await readFile(join(folder, 'en/index.html.gz'))).toString()).toBe(long);
});
