import { gunzipSync } from 'node:zlib';
import { createMessage, readKey, readSignature, verify } from 'openpgp';
import { expect, it } from 'vitest';
import { sha256 } from '../../builder/debian/download.ts';
import { deriveSigningKey } from '../signing.ts';
import { Packer } from '../zstd-splice.ts';
import { parseRelation } from './relations.ts';
import { yumIndex } from './repodata.ts';
import { writeRpm } from './writer.ts';

const date = new Date('2026-01-02T03:04:05Z');
const key = await deriveSigningKey('tests');

const rpm = await writeRpm(
  {
    name: 'tool', epoch: 1, version: '1.2', release: '1', architecture: 'noarch', summary: 'one & "another"', description: 'a < b', license: 'none', vendor: 'Tests', scripts: {}, configuration: [], date,
    requires: ['glibc >= 2.34', 'other = 2:1-3', 'systemd'].map(parseRelation), provides: [], conflicts: [parseRelation('enemy')], obsoletes: [], suggests: [],
    entries: [{ path: 'usr/share/tool/data', kind: 'file', content: Buffer.from('x') }, { path: 'usr/bin/tool', kind: 'file', content: Buffer.from('y'), mode: 0o755 }],
  },
  key,
  new Packer(3),
);
const files = await yumIndex([rpm], key, date);
const text = (kind: string) => gunzipSync([...files].find(([path]) => path.endsWith(`-${kind}.xml.gz`))?.[1] ?? new Uint8Array()).toString();
const index = Buffer.from(files.get('repodata/repomd.xml') ?? []).toString();

it('names every file of the index with its hash', () => {
  const named = [...index.matchAll(/<checksum type="sha256">(\w+)<\/checksum>.*?<location href="([^"]+)"\/>.*?<size>(\d+)<\/size>/g)];
  expect(named).toHaveLength(3);
  for (const [, sum, path = '', size] of named) {
    expect(sha256(files.get(path) ?? new Uint8Array())).toBe(sum);
    expect(files.get(path)?.length).toBe(Number(size));
  }
});

it('is signed', async () => {
  const armored = Buffer.from(files.get('repodata/repomd.xml.asc') ?? []).toString();
  expect(armored).toMatch(/^-----BEGIN PGP SIGNATURE-----/);
  const { signatures } = await verify({ message: await createMessage({ binary: new Uint8Array(Buffer.from(index)) }), signature: await readSignature({ armoredSignature: armored }), verificationKeys: await readKey({ armoredKey: key.publicKey }) });
  await expect(signatures[0]?.verified).resolves.toBe(true);
});

it('tells of a package what dnf decides by', () => {
  const primary = text('primary');
  expect(primary).toContain(`<checksum type="sha" pkgid="YES">${rpm.sha1}</checksum>`);
  expect(primary).toContain('<version epoch="1" ver="1.2" rel="1"/>');
  expect(primary).toContain('<location href="Packages/tool-1.2-1.noarch.rpm"/>');
  expect(primary).toContain('<rpm:entry name="glibc" flags="GE" epoch="0" ver="2.34"/>');
  expect(primary).toContain('<rpm:entry name="other" flags="EQ" epoch="2" ver="1" rel="3"/>');
  expect(primary).toContain('<rpm:entry name="systemd"/>');
  expect(primary).not.toContain('rpmlib(');
  expect(primary).toContain('one &#38; &#34;another&#34;');
  expect(primary).toContain('<file>/usr/bin/tool</file>');
  expect(primary).not.toContain('/usr/share/tool/data');
  expect(text('filelists')).toContain('<file type="dir">/usr/share/tool</file>');
  expect(text('filelists')).toContain('<file>/usr/share/tool/data</file>');
});
