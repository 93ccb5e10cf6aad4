import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sha256 } from '../builder/debian/download.ts';
import { blobWriter } from './blobs.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drydock-blobs-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('keeps what two files share once, and small pieces with their neighbours', async () => {
  const put = blobWriter(folder);
  const large = Buffer.alloc(100_000, 'x');
  const [a, b] = [Buffer.from('a'), Buffer.from('b')];
  const one = await put(a, a, large, b);
  const other = await put(b, large);
  expect(one).toMatchObject({ sha256: sha256(Buffer.concat([a, a, large, b])), bytes: 100_003 });
  expect(one.parts?.map(({ bytes }) => bytes)).toEqual([2, 100_000, 1]);
  expect(other.parts?.map(({ bytes }) => bytes)).toEqual([1, 100_000]);
  expect((await readdir(folder)).sort()).toEqual([sha256(Buffer.from('aa')), sha256(large), sha256(b)].sort());
  expect((await readFile(join(folder, sha256(large)))).equals(large)).toBe(true);
});

it('makes one blob of what has nothing to share', async () => {
  const put = blobWriter(folder);
  expect(await put(Buffer.from('a'), Buffer.from('b'))).toEqual({ sha256: sha256(Buffer.from('ab')), bytes: 2 });
  expect(await put()).toEqual({ sha256: sha256(Buffer.alloc(0)), bytes: 0 });
});
