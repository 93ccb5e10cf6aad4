import { expect, it } from 'vitest';
import { parseControl } from '../builder/debian/control.ts';
import { readAr, readDeb } from '../builder/debian/deb.ts';
import { repackedWithZstd, writeDeb } from './deb-writer.ts';
import { Packer } from './zstd-splice.ts';

const content = {
  fields: new Map([['Package', 'tool'], ['Version', '1.0'], ['Architecture', 'i386'], ['Description', 'a tool\n More of it.']]),
  scripts: new Map([['postinst', '#!/bin/sh\n']]),
  conffiles: ['/etc/tool.conf'],
  entries: [
    { path: 'usr/bin/tool', kind: 'file' as const, content: Buffer.alloc(3000, 'x'), mode: 0o755 },
    { path: 'usr/bin/other', kind: 'link' as const, target: 'tool' },
    { path: 'etc/tool.conf', kind: 'file' as const, content: Buffer.from('a=1\n') },
  ],
  epoch: 1_700_000_000,
};

const written = async () => Buffer.concat(await writeDeb(content, new Packer(3)));

it('writes what it reads', async () => {
  const deb = await readDeb('tool', await written());
  const [fields] = parseControl(deb.control.get('control')?.toString() ?? '');
  expect([...(fields?.keys() ?? [])]).toEqual(['Package', 'Version', 'Architecture', 'Installed-Size', 'Description']);
  expect(fields?.get('Installed-Size')).toBe('3');
  expect(fields?.get('Description')).toBe('a tool\n More of it.');
  expect(deb.control.get('conffiles')?.toString()).toBe('/etc/tool.conf\n');
  expect(deb.control.get('postinst')?.toString()).toBe('#!/bin/sh\n');
  expect(deb.control.get('md5sums')?.toString()).toMatch(/^[0-9a-f]{32}  usr\/bin\/tool\n[0-9a-f]{32}  etc\/tool.conf\n$/);
  expect(deb.entries.map(({ path, kind }) => [path, kind])).toEqual([
    ['etc', 'directory'],
    ['usr', 'directory'],
    ['usr/bin', 'directory'],
    ['usr/bin/tool', 'file'],
    ['usr/bin/other', 'link'],
    ['etc/tool.conf', 'file'],
  ]);
  expect(deb.entries[3]).toMatchObject({ mode: 0o755, uid: 0, gid: 0, mtime: 1_700_000_000 });
});

it('writes the same bytes each time', async () => {
  expect((await written()).equals(await written())).toBe(true);
});

/** A tar archive with `./usr/bin/tool`, packed by xz. */
const packedByXz = '/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4Cf/AGxdABcLyyeJ8u0IBPB48MpMIj4QX/wNREG6lBqRpsb34i+ENhvZrnxR6WdcRwMpCnoZTSzgbdfzTf/8RoUzaGdN4v1VDllje+yRG7EQEjj/y9Ag5TP1/jJhCU9lOrJcQvIOLhPN3gjN8CaTqg1TAAB6ZQqqtmjuagABiAGAUAAAU/MzjbHEZ/sCAAAAAARZWg==';

it('packs the files of a package by zstd, and leaves the rest as it was', async () => {
  const members: [string, Buffer][] = [...readAr(await written())].map(([name, data]) => (name === 'data.tar.zst' ? ['data.tar.xz', Buffer.from(packedByXz, 'base64')] : [name, data]));
  const header = (name: string, { length }: Buffer): string => `${name.padEnd(16)}${'1600000000'.padEnd(12)}0     0     100644  ${String(length).padEnd(10)}\`\n`;
  const came = Buffer.concat([Buffer.from('!<arch>\n'), ...members.flatMap(([name, data]) => [Buffer.from(header(name, data)), data, Buffer.alloc(data.length % 2, '\n')])]);
  const repacked = await repackedWithZstd(came, 3);
  const after = readAr(repacked);
  expect([...after.keys()]).toEqual(['debian-binary', 'control.tar.gz', 'data.tar.zst']);
  expect(after.get('control.tar.gz')).toEqual(readAr(came).get('control.tar.gz'));
  const [before, now] = [await readDeb('tool', came), await readDeb('tool', repacked)];
  expect(now).toEqual(before);
  expect(now.entries.map(({ path }) => path)).toEqual(['usr/bin/tool']);
  expect(repacked.toString('latin1', 24, 34)).toBe('1600000000');
  expect((await repackedWithZstd(came, 3)).equals(repacked)).toBe(true);
});
