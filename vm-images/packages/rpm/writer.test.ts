import { createHash } from 'node:crypto';
import { zstdDecompressSync } from 'node:zlib';
import { createMessage, readKey, readSignature, verify } from 'openpgp';
import { expect, it } from 'vitest';
import { deriveSigningKey } from '../signing.ts';
import { Packer } from '../zstd-splice.ts';
import { tags } from './header.ts';
import { parseRelation } from './relations.ts';
import { rpmFileName, writeRpm, type RpmContent } from './writer.ts';

const content: RpmContent = {
  name: 'tool',
  epoch: 3,
  version: '1.2',
  release: '1.test',
  architecture: 'i386',
  summary: 'a tool',
  description: 'More of it.',
  license: 'none',
  vendor: 'Tests',
  requires: ['glibc >= 2.34', 'systemd'].map(parseRelation),
  provides: [],
  conflicts: [],
  obsoletes: [parseRelation('old-tool')],
  suggests: [],
  scripts: { postInstall: 'exit 0\n' },
  configuration: ['/etc/tool/tool.conf'],
  entries: [
    { path: 'usr/bin/tool', kind: 'file', content: Buffer.alloc(100_000, 'x'), mode: 0o755 },
    { path: 'usr/bin/other', kind: 'link', target: 'tool' },
    { path: 'etc/tool/tool.conf', kind: 'file', content: Buffer.from('a=1\n') },
  ],
  date: new Date('2026-01-02T03:04:05Z'),
};

const key = await deriveSigningKey('tests');
const made = await writeRpm(content, key, new Packer(3));
const file = Buffer.concat(made.pieces);

/** Reads a header structure as rpm's documentation describes it. */
function readHeader(at: number): { values: Map<number, unknown>; end: number } {
  expect(file.readUInt32BE(at)).toBe(0x8eade801);
  const [entries, bytes] = [file.readUInt32BE(at + 8), file.readUInt32BE(at + 12)];
  const store = at + 16 + entries * 16;
  const values = new Map<number, unknown>();
  for (let index = 0; index < entries; index++) {
    const [tag = 0, type = 0, offset = 0, count = 0] = [0, 4, 8, 12].map((field) => file.readInt32BE(at + 16 + index * 16 + field));
    const from = store + offset;
    const numbers = (width: number) => Array.from({ length: count }, (_, item) => file.readUIntBE(from + item * width, width));
    const texts = () => file.toString('utf8', from, store + bytes).split('\0').slice(0, count);
    values.set(tag, type === 3 ? numbers(2) : type === 4 ? numbers(4) : type === 7 ? file.subarray(from, from + count) : texts());
  }
  return { values, end: store + bytes };
}

const signature = readHeader(96);
const header = readHeader(Math.ceil(signature.end / 8) * 8);

it('says what it is, and which files it has, in the order of their paths', () => {
  expect(rpmFileName(content)).toBe('tool-1.2-1.test.i386.rpm');
  expect(file.readUInt32BE(0)).toBe(0xedabeedb);
  const value = (tag: number) => header.values.get(tag);
  expect([value(tags.name), value(tags.version), value(tags.release), value(tags.epoch)]).toEqual([['tool'], ['1.2'], ['1.test'], [3]]);
  const [names, folders, indexes] = [value(tags.baseNames) as string[], value(tags.folderNames) as string[], value(tags.folderIndexes) as number[]];
  expect(names.map((name, index) => `${folders[indexes[index] ?? -1]}${name}`)).toEqual(['/etc/tool', '/etc/tool/tool.conf', '/usr/bin/other', '/usr/bin/tool']);
  expect(value(tags.fileModes)).toEqual([0o040755, 0o100644, 0o120777, 0o100755]);
  expect(value(tags.fileFlags)).toEqual([0, 17, 0, 0]);
  expect(value(tags.fileSizes)).toEqual([0, 4, 4, 100_000]);
  expect(value(tags.fileTargets)).toEqual(['', '', 'tool', '']);
  expect(value(tags.requiredNames)).toEqual(expect.arrayContaining(['glibc', 'systemd', '/bin/sh', 'rpmlib(PayloadIsZstd)']));
  expect(value(tags.providedVersions)).toEqual(['3:1.2-1.test']);
});

it('vouches for header and payload', async () => {
  expect(header.end).toBe(made.header.end);
  const signed = file.subarray(made.header.start, made.header.end);
  expect(signature.values.get(tags.headerSha256)).toEqual([createHash('sha256').update(signed).digest('hex')]);
  expect(header.values.get(tags.payloadDigests)).toEqual([createHash('sha256').update(file.subarray(header.end)).digest('hex')]);
  expect(signature.values.get(tags.signedBytes)).toEqual([file.length - made.header.start]);
  const { signatures } = await verify({
    message: await createMessage({ binary: new Uint8Array(signed) }),
    signature: await readSignature({ binarySignature: new Uint8Array(signature.values.get(tags.headerSignature) as Buffer) }),
    verificationKeys: await readKey({ armoredKey: key.publicKey }),
  });
  await expect(signatures[0]?.verified).resolves.toBe(true);
});

it('has its files in a cpio archive', () => {
  const archive = zstdDecompressSync(file.subarray(header.end));
  expect(signature.values.get(tags.unpackedBytes)).toEqual([archive.length]);
  const found: [string, number][] = [];
  for (let at = 0; at < archive.length; ) {
    const field = (index: number) => Number.parseInt(archive.toString('latin1', at + 6 + index * 8, at + 14 + index * 8), 16);
    const [size, nameBytes] = [field(6), field(11)];
    found.push([archive.toString('utf8', at + 110, at + 110 + nameBytes - 1), size]);
    at += Math.ceil((110 + nameBytes) / 4) * 4 + Math.ceil(size / 4) * 4;
  }
  expect(found).toEqual([['./etc/tool', 0], ['./etc/tool/tool.conf', 4], ['./usr/bin/other', 4], ['./usr/bin/tool', 100_000], ['TRAILER!!!', 0]]);
});

it('writes the same bytes each time, and refuses what it cannot write', async () => {
  expect(Buffer.concat((await writeRpm(content, key, new Packer(3))).pieces).equals(file)).toBe(true);
  await expect(writeRpm({ ...content, entries: [{ path: 'dev/null', kind: 'character', major: 1, minor: 3 }] }, key, new Packer(3))).rejects.toThrow('/dev/null');
  expect(() => parseRelation('glibc >2')).toThrow(SyntaxError);
});
