import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { writeTar } from '../tar.ts';
import { readAr, readDeb } from './deb.ts';

function ar(members: Record<string, Uint8Array>): Buffer {
  const pieces: Uint8Array[] = [Buffer.from('!<arch>\n')];
  for (const [name, data] of Object.entries(members)) {
    const header = `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${String(data.length).padEnd(10)}\`\n`;
    pieces.push(Buffer.from(header), data, Buffer.from(data.length % 2 === 1 ? '\n' : ''));
  }
  return Buffer.concat(pieces);
}

const control = writeTar([{ kind: 'file', path: './control', content: Buffer.from('Package: a\n') }]);
const content = writeTar([
  { kind: 'directory', path: './usr', mtime: 0, uid: 0, gid: 0, mode: 0o755 },
  { kind: 'file', path: './usr/a', content: Buffer.from('hello'), mode: 0o4755, mtime: 5, uid: 0, gid: 42 },
]);

describe('readDeb', () => {
  it('reads both archives, whatever their compression', async () => {
    const deb = await readDeb('a', ar({ 'debian-binary': Buffer.from('2.0\n'), 'control.tar.gz': gzipSync(control), 'data.tar.zst': zstdCompressSync(content) }));
    expect(deb.control.get('control')?.toString()).toBe('Package: a\n');
    expect(deb.entries.map((entry) => [entry.path, entry.kind, entry.mode, entry.gid])).toEqual([
      ['usr', 'directory', 0o755, 0],
      ['usr/a', 'file', 0o4755, 42],
    ]);
  });

  it('names the package that cannot be read', async () => {
    await expect(readDeb('broken 1.0', Buffer.from('nonsense'))).rejects.toMatchObject({
      code: 'package-malformed',
      message: expect.stringContaining('broken 1.0'),
    });
  });

  it('notices a truncated member', () => {
    const whole = ar({ a: Buffer.from('12345678') });
    expect(readAr(whole).get('a')?.toString()).toBe('12345678');
    expect(() => readAr(whole.subarray(0, -2))).toThrow(/truncated/);
  });
});
