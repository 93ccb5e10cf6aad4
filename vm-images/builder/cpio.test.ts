import { expect, it } from 'vitest';
import { cpio } from './cpio.ts';

interface Read {
  path: string;
  mode: number;
  content: string;
}

/** Reads the archive as the kernel does. */
function read(archive: Uint8Array): Read[] {
  const bytes = Buffer.from(archive);
  const entries: Read[] = [];
  for (let at = 0; ; ) {
    expect(bytes.toString('latin1', at, at + 6)).toBe('070701');
    const field = (index: number): number => Number.parseInt(bytes.toString('latin1', at + 6 + index * 8, at + 14 + index * 8), 16);
    const [mode, size, nameSize] = [field(1), field(6), field(11)];
    const path = bytes.toString('utf8', at + 110, at + 110 + nameSize - 1);
    const start = (at + 110 + nameSize + 3) & ~3;
    if (path === 'TRAILER!!!') {
      expect(start).toBe(bytes.length);
      return entries;
    }
    entries.push({ path, mode, content: bytes.toString('utf8', start, start + size) });
    at = (start + size + 3) & ~3;
  }
}

it('writes files, folders and links that the kernel can read', () => {
  const archive = cpio([
    { path: 'bin', kind: 'directory', mode: 0o755 },
    { path: 'bin/sh', kind: 'link', target: 'busybox' },
    { path: 'init', kind: 'file', mode: 0o755, content: Buffer.from('#!/bin/sh\n') },
    { path: 'odd', kind: 'file', mode: 0o600, content: Buffer.from('12345') },
  ]);
  expect(read(archive)).toEqual([
    { path: 'bin', mode: 0o040755, content: '' },
    { path: 'bin/sh', mode: 0o120777, content: 'busybox' },
    { path: 'init', mode: 0o100755, content: '#!/bin/sh\n' },
    { path: 'odd', mode: 0o100600, content: '12345' },
  ]);
});
