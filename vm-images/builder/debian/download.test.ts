import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDownloader, difference, sha256, Store } from './download.ts';

const url = new URL('http://mirror/pool/a.deb');
const content = { sha256: sha256('hello'), size: 5 };

describe('createDownloader', () => {
  const answers = (...list: (Response | Error)[]) =>
    vi.fn(async () => {
      const next = list.shift() ?? new Response('', { status: 500 });
      if (next instanceof Error) throw next;
      return next;
    });

  it('tries again after a failure', async () => {
    const fetcher = answers(new Error('reset'), new Response('', { status: 503 }), new Response('hello'));
    expect((await createDownloader({ fetcher, pause: 0 }).get(url)).toString()).toBe('hello');
    expect(fetcher).toHaveBeenCalledTimes(3);
  });

  it('gives up with the last cause', async () => {
    const fetcher = answers();
    await expect(createDownloader({ fetcher, pause: 0, attempts: 2 }).get(url)).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining(url.href),
      cause: expect.objectContaining({ message: expect.stringContaining('500') }),
    });
    expect(fetcher).toHaveBeenCalledTimes(2);
  });

  it('does not try again what is not there', async () => {
    const fetcher = answers(new Response('', { status: 404 }));
    await expect(createDownloader({ fetcher, pause: 0 }).get(url)).rejects.toMatchObject({ code: 'not-on-mirror' });
    expect(fetcher).toHaveBeenCalledTimes(1);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const fetcher = vi.fn(async () => {
      stop.abort();
      throw new Error('cut off');
    });
    await expect(createDownloader({ fetcher, pause: 0 }).get(url, stop.signal)).rejects.toMatchObject({ name: 'AbortError' });
    expect(fetcher).toHaveBeenCalledTimes(1);
  });
});

describe('Store', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'store-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('gives back what was written', async () => {
    const store = new Store(folder, '.deb');
    expect(await store.read(content)).toBeUndefined();
    await store.write(content, Buffer.from('hello'));
    expect((await store.read(content))?.toString()).toBe('hello');
    expect(await readdir(folder)).toEqual([`${content.sha256}.deb`]);
  });

  it('throws out what was damaged', async () => {
    const store = new Store(folder, '.deb');
    await writeFile(store.path(content.sha256), 'hellO');
    expect(await store.read(content)).toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('difference', () => {
  it('says what is wrong', () => {
    expect(difference(Buffer.from('hello'), content)).toBeUndefined();
    expect(difference(Buffer.from('hell'), content)).toBe('it has 4 bytes instead of 5');
    expect(difference(Buffer.from('hellO'), content)).toMatch(/^its SHA-256 is .* instead of 2cf24d/);
  });
});
