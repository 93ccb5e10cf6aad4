import { describe, expect, it } from 'vitest';
import { readTar, writeTar, type TarEntry } from './tar.ts';

const attributes = { mode: 0o644, uid: 0, gid: 0, mtime: 1_700_000_000 };
const long = 'a'.repeat(90);
const entries: TarEntry[] = [
  { ...attributes, kind: 'directory', path: 'etc', mode: 0o755 },
  { ...attributes, kind: 'file', path: 'etc/sudoers', mode: 0o440, uid: 1000, gid: 27, content: Buffer.from('x'.repeat(513)) },
  { ...attributes, kind: 'file', path: 'etc/empty', content: Buffer.alloc(0) },
  { ...attributes, kind: 'link', path: 'bin', target: 'usr/bin', mode: 0o777 },
  { ...attributes, kind: 'hardlink', path: 'etc/again', target: 'etc/sudoers' },
  { ...attributes, kind: 'character', path: 'dev/null', major: 1, minor: 3 },
  { ...attributes, kind: 'block', path: 'dev/sda', major: 8, minor: 0 },
  { ...attributes, kind: 'fifo', path: 'run/pipe' },
  { ...attributes, kind: 'file', path: `${long}/${long}/Főtanúsítvány`, content: Buffer.from('long') },
  { ...attributes, kind: 'link', path: 'link', target: `/${long}/${long}`, mode: 0o777 },
];

describe('tar', () => {
  it('reads what it wrote', () => {
    expect([...readTar(Buffer.from(writeTar(entries)))]).toEqual(entries);
  });

  it('writes the same bytes every time', () => {
    expect(Buffer.from(writeTar(entries)).equals(writeTar(entries))).toBe(true);
  });

  it('lays out a header as GNU tar does', () => {
    const [entry] = entries.slice(1, 2);
    const header = Buffer.from(writeTar(entry === undefined ? [] : [entry])).subarray(0, 512);
    const field = (at: number, length: number): string => header.toString('latin1', at, at + length).replace(/\0+$/, '');
    expect(field(0, 100)).toBe('etc/sudoers');
    expect([field(100, 8), field(108, 8), field(116, 8)]).toEqual(['0000440', '0001750', '0000033']);
    expect([field(124, 12), field(136, 12)]).toEqual(['00000001001', '14524770400']);
    expect(field(156, 1)).toBe('0');
    expect(header.toString('latin1', 257, 265)).toBe('ustar  \0');
    const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
    expect(field(148, 8)).toBe(`${sum.toString(8).padStart(6, '0')}\0 `);
  });

  it('cleans the paths of packages', () => {
    const archive = writeTar([{ kind: 'directory', path: '.' }, { kind: 'directory', path: './usr' }]);
    expect([...readTar(Buffer.from(archive))].map((entry) => entry.path)).toEqual(['', 'usr']);
  });

  it('reads the long names of pax', () => {
    const path = `${long}/${long}`;
    const body = ` path=${path}\n`;
    const record = Buffer.from(`${body.length + 3}${body}`);
    const archive = Buffer.from(writeTar([{ kind: 'file', path: 'pax', content: record }, { kind: 'file', path: 'short', content: Buffer.alloc(0) }]));
    archive.write('x', 156);
    let sum = 0;
    archive.fill(' ', 148, 156);
    for (const byte of archive.subarray(0, 512)) sum += byte;
    archive.write(sum.toString(8).padStart(6, '0'), 148);
    expect([...readTar(archive)].map((entry) => entry.path)).toEqual([path]);
  });

  it.each([
    ['truncated content', (archive: Buffer) => archive.subarray(0, 1024)],
    ['a missing end', (archive: Buffer) => archive.subarray(0, 1536)],
    ['a damaged header', (archive: Buffer) => archive.fill(1, 0, 3)],
  ])('refuses %s', (_, damage) => {
    const archive = Buffer.from(writeTar([{ kind: 'file', path: 'f', content: Buffer.alloc(1000) }]));
    expect(() => [...readTar(damage(archive))]).toThrow(SyntaxError);
  });
});
