import { expect, it } from 'vitest';
import { parseControl } from '../builder/debian/control.ts';
import { readDeb } from '../builder/debian/deb.ts';
import { writeDeb } from './deb-writer.ts';
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
