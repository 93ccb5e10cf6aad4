import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { readKeys } from 'openpgp';
import { sha256 } from '../builder/debian/download.ts';
import { PackageIndex } from '../builder/debian/packages.ts';
import { parseRelease, verifyClearSigned } from '../builder/debian/release.ts';
import { aptIndex, offer, onlySuggesting } from './apt.ts';
import { writeDeb } from './deb-writer.ts';
import { deriveSigningKey } from './signing.ts';
import { Packer } from './zstd-splice.ts';

const date = new Date('2026-01-02T03:04:05Z');

async function debOf(version: string): Promise<Buffer> {
  const fields = new Map([['Package', 'tool'], ['Version', version], ['Architecture', 'i386'], ['Static-Built-Using', 'go (= 1)'], ['Depends', 'libc6'], ['Description', 'a tool\n More.']]);
  return Buffer.concat(await writeDeb({ fields, scripts: new Map(), conffiles: [], entries: [], epoch: 0 }, new Packer(3)));
}

it('makes an index that the builder itself would trust, newest version first', async () => {
  const key = await deriveSigningKey('tests');
  const debs = [await debOf('5:1.0-1'), await debOf('5:2.0~rc1-1')];
  const offered = await Promise.all(debs.map((deb) => offer('tool', deb, 'pool/t')));
  const suite = { origin: 'Test', label: 'Test', codename: 'trixie', suite: 'trixie', component: 'main', description: 'tests' };
  const files = await aptIndex(suite, offered, key, date);
  const text = (path: string) => Buffer.from(files.get(`dists/trixie/${path}`) ?? []).toString();

  const signed = await verifyClearSigned(text('InRelease'), await readKeys({ armoredKeys: key.publicKey }), 'the index');
  const release = parseRelease(signed, { codename: 'trixie', now: new Date('2099-01-01'), acceptExpired: false });
  expect(release.date).toEqual(date);
  for (const [path, content] of release.files) {
    expect(content).toEqual({ sha256: sha256(files.get(`dists/trixie/${path}`) ?? new Uint8Array()), size: files.get(`dists/trixie/${path}`)?.length });
  }
  expect(gunzipSync(files.get('dists/trixie/main/binary-i386/Packages.gz') ?? new Uint8Array()).toString()).toBe(text('main/binary-i386/Packages'));

  const packages = text('main/binary-i386/Packages');
  expect(packages).not.toContain('Built-Using');
  const index = new PackageIndex();
  index.add('trixie', packages);
  const found = index.versions('tool', ['trixie']);
  expect(found.map(({ version, filename }) => [version, filename])).toEqual([['5:2.0~rc1-1', 'pool/t/tool_2.0~rc1-1_i386.deb'], ['5:1.0-1', 'pool/t/tool_1.0-1_i386.deb']]);
  expect(packages.indexOf('2.0~rc1')).toBeLessThan(packages.indexOf('1.0-1'));
  expect(found[1]).toMatchObject({ size: debs[0]?.length, sha256: sha256(debs[0] ?? '') });
});

it('only suggests what others recommend, and leaves the rest as it was', () => {
  const fields = new Map([['Package', 'cli'], ['Recommends', 'builder (>= 1), git'], ['Suggests', 'manual']]);
  expect([...onlySuggesting(['builder'], fields)]).toEqual([['Package', 'cli'], ['Recommends', 'git'], ['Suggests', 'builder (>= 1), manual']]);
  expect([...onlySuggesting(['builder', 'git'], fields)]).toEqual([['Package', 'cli'], ['Suggests', 'builder (>= 1), git, manual']]);
  expect(onlySuggesting(['other'], fields)).toBe(fields);
});
