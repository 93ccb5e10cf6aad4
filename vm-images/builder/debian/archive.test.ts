import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCleartextMessage, generateKey, sign, type PrivateKey, type PublicKey } from 'openpgp';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { fetchSuiteIndex, type ArchiveContext } from './archive.ts';
import { createDownloader, sha256, Store } from './download.ts';

/** `Package: a\n`, compressed with xz. */
const packed = Buffer.from('/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAKUGFja2FnZTogYQoAAH27YeIOsM7uAAEjC8Ib/QkftvN9AQAAAAAEWVo=', 'base64');
const suite = { name: 'trixie-security', archive: 'security', codename: 'trixie-security', aliases: ['stable-security'], component: 'main' } as const;
const path = 'main/binary-i386/Packages.xz';

describe('fetchSuiteIndex', () => {
  let keys: { privateKey: PrivateKey; publicKey: PublicKey };
  let folder = '';
  let mirror: Map<string, Buffer | string>;
  const warn = vi.fn();
  const fetcher = vi.fn(async (url: URL) => {
    const body = mirror.get(url.pathname.slice('/debian-security/dists/'.length));
    return body === undefined ? new Response('', { status: 404 }) : new Response(new Uint8Array(Buffer.from(body)));
  });

  beforeAll(async () => {
    keys = await generateKey({ type: 'curve25519', userIDs: [{ name: 'archive' }], format: 'object' });
  });
  beforeEach(async () => {
    vi.clearAllMocks();
    folder = await mkdtemp(join(tmpdir(), 'archive-'));
    mirror = new Map<string, Buffer | string>([
      ['trixie-security/InRelease', await release({})],
      [`trixie-security/${path}`, packed],
      ['stable-security/InRelease', await release({ date: '2026-10-01' })],
      [`stable-security/${path}`, packed],
    ]);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const release = async ({ date = '2026-11-01', until = '2026-12-01', hash = sha256(packed), byHash = 'no' }): Promise<string> => {
    const text = `Codename: trixie-security\nDate: ${date}\nValid-Until: ${until}\nAcquire-By-Hash: ${byHash}\nSHA256:\n ${hash} ${packed.length} ${path}`;
    return sign({ message: await createCleartextMessage({ text }), signingKeys: keys.privateKey });
  };
  const context = (acceptExpired = false): ArchiveContext => ({
    mirrors: () => new URL('http://mirror/debian-security/'),
    downloader: createDownloader({ fetcher, pause: 0, attempts: 1 }),
    keyring: [keys.publicKey],
    store: new Store(folder, '.xz'),
    now: new Date('2026-11-22'),
    acceptExpired,
    warn,
  });

  it('follows the chain and keeps the index', async () => {
    expect(await fetchSuiteIndex(suite, context())).toEqual({ date: new Date('2026-11-01'), packages: 'Package: a\n' });
    await fetchSuiteIndex(suite, context());
    expect(fetcher.mock.calls.filter(([url]) => url.pathname.endsWith('.xz'))).toHaveLength(1);
    expect(warn).not.toHaveBeenCalled();
  });

  it('asks by hash, and by name where the mirror lacks that', async () => {
    mirror.set('trixie-security/InRelease', await release({ byHash: 'yes' }));
    await fetchSuiteIndex(suite, context());
    expect(fetcher.mock.calls.map(([url]) => url.pathname.split('/').at(-1))).toEqual(['InRelease', sha256(packed), 'Packages.xz']);
  });

  it('takes the other folder of a mirror whose first one does not hold together, and says so', async () => {
    mirror.set(`trixie-security/${path}`, 'of another day');
    expect((await fetchSuiteIndex(suite, context())).date).toEqual(new Date('2026-10-01'));
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/not what its signed index says.*"stable-security" instead, of 2026-10-01/));
  });

  it('refuses a tampered index', async () => {
    mirror.set(`trixie-security/${path}`, Buffer.from(packed).fill(0, 20, 21));
    mirror.set(`stable-security/${path}`, 'short');
    await expect(fetchSuiteIndex(suite, context())).rejects.toMatchObject({ code: 'index-mismatch', message: expect.stringContaining('SHA-256') });
  });

  it('names the option when the other folder would do but for its date', async () => {
    mirror.set(`trixie-security/${path}`, 'of another day');
    mirror.set('stable-security/InRelease', await release({ date: '2026-10-01', until: '2026-10-08' }));
    await expect(fetchSuiteIndex(suite, context())).rejects.toMatchObject({ code: 'index-expired', hint: expect.stringContaining('--accept-expired'), cause: { code: 'index-mismatch' } });
    expect((await fetchSuiteIndex(suite, context(true))).date).toEqual(new Date('2026-10-01'));
  });
});
