import { describe, expect, it } from 'vitest';
import { MemoryDisk } from '../../../src/emulator/core/disk/memory-disk.ts';
import { firstDifference } from '../../../src/emulator/core/testing/bytes.ts';
import { randomBytes, randomIntegers } from '../../../src/emulator/core/testing/random.ts';
import type { TarEntry } from '../tar.ts';
import { FoundFileSystem, type ReadableDisk } from './testing/read-back.ts';
import { writeExt4, type BlankDisk, type Ext4Options } from './write.ts';

const mebibyte = 2 ** 20;
const options: Ext4Options = { bytes: 32 * mebibyte, uuid: '6f1d3c1e-7a52-4a0b-9c55-d0c4e2a1b001', label: 'drydock', epoch: 1_760_000_000 };

function written(entries: Iterable<TarEntry>, changes: Partial<Ext4Options> = {}): MemoryDisk {
  const all = { ...options, ...changes };
  const disk = new MemoryDisk(all.bytes);
  writeExt4(entries, disk, all);
  return disk;
}

function readBack(entries: Iterable<TarEntry>, changes: Partial<Ext4Options> = {}): FoundFileSystem {
  return new FoundFileSystem(written(entries, changes));
}

function file(path: string, content: Uint8Array | string = ''): TarEntry {
  return { path, kind: 'file', content: Buffer.from(content) };
}

function folder(path: string): TarEntry {
  return { path, kind: 'directory' };
}

/** A disk that forgets long writes: for files of zeros that are too large for a test. */
class ForgetfulDisk implements BlankDisk, ReadableDisk {
  readonly #blocks = new Map<number, Uint8Array>();

  write(start: number, bytes: Uint8Array): void {
    if (bytes.length <= mebibyte) for (let at = 0; at < bytes.length; at += 4096) this.#blocks.set(start + at, bytes.slice(at, at + 4096));
  }

  slice(start: number, length: number): Uint8Array<ArrayBuffer> {
    const first = start - (start % 4096);
    const blocks = Array.from({ length: Math.ceil((start + length - first) / 4096) }, (_, index) => this.#blocks.get(first + index * 4096) ?? new Uint8Array(4096));
    return new Uint8Array(Buffer.concat(blocks)).slice(start - first, start - first + length);
  }
}

/** A tree in which every entry but the folders hangs below a folder drawn at random. */
function randomTree(seed: number): TarEntry[] {
  const below = randomIntegers(seed);
  const folders = [''];
  const files: string[] = [];
  return Array.from({ length: 120 }, (_, index): TarEntry => {
    const parent = folders[below(folders.length)] ?? '';
    const path = `${parent}${parent === '' ? '' : '/'}${'ü'.repeat(below(40))}${index}`;
    const common = { path, mode: below(0o10000), uid: below(2 ** 32), gid: below(2 ** 32), mtime: below(2 ** 32) };
    const kind = below(8);
    const target = files[below(Math.max(files.length, 1))];
    if (kind === 0) return folders.push(path), { ...common, kind: 'directory' };
    if (kind === 1) return { ...common, kind: 'link', target: 'x'.repeat(1 + below(120)) };
    if (kind === 2 && target !== undefined) return { path, kind: 'hardlink', target };
    if (kind === 3) return { ...common, kind: below(2) === 0 ? 'character' : 'block', major: below(4096), minor: below(2 ** 20) };
    if (kind === 4) return { ...common, kind: 'fifo' };
    files.push(path);
    return { ...common, kind: 'file', content: randomBytes(below(4) * below(6000), index) };
  });
}

describe('writeExt4', () => {
  it.each([1, 2, 3, 4])('keeps everything about a random tree (%i)', (seed) => {
    const entries = randomTree(seed);
    const found = readBack(entries);
    expect(found.files.size).toBe(entries.length + 2);
    for (const entry of entries) {
      const there = found.get(entry.path);
      if (entry.kind === 'hardlink') {
        expect(there.inode).toBe(found.get(entry.target).inode);
        continue;
      }
      expect(there).toMatchObject({ type: entry.kind, mode: entry.mode, uid: entry.uid, gid: entry.gid, mtime: entry.mtime, atime: entry.mtime, ctime: options.epoch, crtime: options.epoch });
      if (entry.kind === 'file') expect(firstDifference(found.content(entry.path), entry.content)).toBe(-1);
      if (entry.kind === 'link') expect(Buffer.from(found.content(entry.path)).toString()).toBe(entry.target);
      if ('major' in entry) expect(there.device).toEqual({ major: entry.major, minor: entry.minor });
    }
  });

  it('gives the same bytes for the same entries, whatever the UUID looks like', () => {
    const first = written(randomTree(7));
    const second = written(randomTree(7), { uuid: options.uuid.replaceAll('-', '').toUpperCase() });
    expect(firstDifference(first.slice(0, options.bytes), second.slice(0, options.bytes))).toBe(-1);
  });

  it('writes whole blocks, each one once', () => {
    const blocks = new Set<number>();
    const write = (start: number, bytes: Uint8Array): void => {
      expect([start % 4096, bytes.length % 4096]).toEqual([0, 0]);
      for (let at = start; at < start + bytes.length; at += 4096) {
        expect(blocks.has(at)).toBe(false);
        blocks.add(at);
      }
    };
    writeExt4([folder('a'), file('a/b', 'x'.repeat(10_000)), file('a/c', 'y')], { write }, options);
    expect(blocks.size).toBeGreaterThan(10);
  });

  it('says in the superblock who it is, and that nothing is wrong', () => {
    const { superblock } = readBack([]);
    const text = (at: number, length: number): string => Buffer.from(superblock.buffer, at, length).toString('latin1').replace(/\0+$/, '');
    expect(text(0x78, 16)).toBe('drydock');
    expect(Buffer.from(superblock.buffer, 0x68, 16).toString('hex')).toBe(options.uuid.replaceAll('-', ''));
    expect(Buffer.from(superblock.buffer, 0xec, 16).toString('hex')).toBe(options.uuid.replaceAll('-', ''));
    const features = [0x5c, 0x60, 0x64].map((at) => superblock.getUint32(at, true));
    // ext_attr, dir_index; filetype, extents, flex_bg; sparse_super, large_file, dir_nlink, extra_isize.
    expect(features).toEqual([0x28, 0x242, 0x63]);
    expect(superblock.getUint16(0x3a, true)).toBe(1);
    expect(superblock.getUint16(0x3c, true)).toBe(1);
    expect(superblock.getUint32(0x08, true)).toBe(0);
    expect(superblock.getUint32(0x108, true)).toBe(options.epoch);
    expect(superblock.getUint32(0x100, true)).toBe(0);
  });

  it('makes lost+found of 16 KiB, and a root that an entry may set', () => {
    const found = readBack([{ path: '', kind: 'directory', mode: 0o700, mtime: 5 }, file('a')]);
    expect(found.get('lost+found')).toMatchObject({ inode: 11, size: 16384, mode: 0o700, names: [], mtime: options.epoch });
    expect(found.get('')).toMatchObject({ inode: 2, mode: 0o700, mtime: 5, links: 3, names: ['lost+found', 'a'] });
    expect(readBack([{ path: 'lost+found', kind: 'directory', mode: 0o711 }]).get('lost+found')).toMatchObject({ inode: 11, mode: 0o711 });
  });

  it('has a mode, an owner and the time of making for entries that say nothing', () => {
    const found = readBack([folder('d'), file('f'), { path: 'l', kind: 'link', target: 'f' }]);
    expect(['d', 'f', 'l'].map((path) => found.get(path).mode)).toEqual([0o755, 0o644, 0o777]);
    expect(found.get('f')).toMatchObject({ uid: 0, gid: 0, mtime: options.epoch });
  });

  it('stores directories of many blocks, in the order of the entries', () => {
    const names = Array.from({ length: 3000 }, (_, index) => `${'name'.repeat(index % 20)}${index}`);
    const found = readBack([folder('many'), ...names.map((name) => file(`many/${name}`))], { inodeRatio: 8192 });
    expect(found.get('many').names).toEqual(names);
    expect(found.get('many').size).toBeGreaterThan(20 * 4096);
  });

  it('takes no blocks for empty files, short links and devices', () => {
    const found = readBack([
      file('empty'),
      { path: 'short', kind: 'link', target: 'x'.repeat(59) },
      { path: 'long', kind: 'link', target: 'x'.repeat(60) },
      { path: 'null', kind: 'character', major: 1, minor: 3 },
      { path: 'whiteout', kind: 'character', major: 0, minor: 0 },
    ]);
    expect(['empty', 'short', 'long', 'null', 'whiteout'].map((path) => found.get(path).sectors)).toEqual([0, 0, 8, 0, 0]);
    expect(found.get('whiteout').device).toEqual({ major: 0, minor: 0 });
  });

  it('knows times before 1970 and after 2038', () => {
    const times = [-(2 ** 31), -1, 0, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 15_032_385_535];
    const found = readBack(times.map((mtime, index) => ({ ...file(String(index)), mtime })));
    expect(times.map((_, index) => found.get(String(index)).mtime)).toEqual(times);
  });

  it('lays files one after the other, and splits them at metadata', () => {
    const large = new Uint8Array(140 * mebibyte);
    const marks = [0, 1, 127 * mebibyte, 128 * mebibyte, large.length - 1];
    for (const mark of marks) large[mark] = 1 + (mark % 255);
    const found = readBack([file('a', 'x'.repeat(9000)), { path: 'large', kind: 'file', content: large }, file('b', 'x')], { bytes: 300 * mebibyte });
    const [a, b, { extents }] = [found.get('a'), found.get('b'), found.get('large')];
    expect(extents[0]?.start).toBe((a.extents[0]?.start ?? 0) + 3);
    expect(extents).toHaveLength(2);
    // Group 1 begins with a copy of the superblock and one block of descriptors.
    expect(extents[1]?.start).toBe(32768 + 2);
    expect(b.extents[0]?.start).toBe(32768 + 2 + (extents[1]?.blocks ?? 0));
    expect(Buffer.compare(found.content('large'), large)).toBe(0);
  });

  it('lists the extents of a file over more than four groups in a block of their own', () => {
    const bytes = 1024 * mebibyte;
    const disk = new ForgetfulDisk();
    const content = new Uint8Array(560 * mebibyte);
    writeExt4([file('a', 'x'), { path: 'huge', kind: 'file', content }, file('b', 'x')], disk, { ...options, bytes });
    const found = new FoundFileSystem(disk);
    expect(found.get('huge')).toMatchObject({ treeDepth: 1, size: content.length, sectors: (content.length / 4096 + 1) * 8 });
    expect(found.get('huge').extents).toHaveLength(5);
    expect(found.get('a').treeDepth).toBe(0);
  });
});

describe('writeExt4 refuses', () => {
  it.each<[string, TarEntry[]]>([
    ['a file without its folder', [file('a/b')]],
    ['a file below a file', [file('a'), file('a/b')]],
    ['a file below a link', [folder('d'), { path: 'l', kind: 'link', target: 'd' }, file('l/b')]],
    ['a name that comes twice', [file('a'), file('a')]],
    ['a folder in place of a file', [file('a'), folder('a')]],
    ['a link to nothing', [{ path: 'a', kind: 'hardlink', target: 'b' }]],
    ['a hard link to a folder', [folder('b'), { path: 'a', kind: 'hardlink', target: 'b' }]],
    ['a long name', [file('n'.repeat(256))]],
    ['a path that leads upwards', [file('..')]],
    ['a leading slash', [file('/a')]],
    ['a file without a name', [file('')]],
    ['an empty target', [{ path: 'a', kind: 'link', target: '' }]],
    ['a long target', [{ path: 'a', kind: 'link', target: 'x'.repeat(4096) }]],
    ['65001 hard links', [file('a'), ...Array.from({ length: 65_000 }, (_, index): TarEntry => ({ path: `l${index}`, kind: 'hardlink', target: 'a' }))]],
  ])('%s, before it writes', (_what, entries) => {
    const write = (): void => expect.unreachable();
    expect(() => writeExt4(entries, { write }, options)).toThrow(expect.objectContaining({ code: 'tree-conflict' }));
  });

  it('more than fits', () => {
    expect(() => written([{ path: 'a', kind: 'file', content: new Uint8Array(40 * mebibyte) }])).toThrow(expect.objectContaining({ code: 'install-failed' }));
    expect(() => written(Array.from({ length: 3000 }, (_, index) => file(String(index))))).toThrow(expect.objectContaining({ code: 'install-failed' }));
  });

  it.each<[string, Partial<Ext4Options>]>([
    ['a UUID that is none', { uuid: 'drydock' }],
    ['a long label', { label: 'x'.repeat(17) }],
    ['a time before 1970', { epoch: -1 }],
  ])('%s', (_what, changes) => {
    expect(() => written([], changes)).toThrow(RangeError);
  });

  it.each<[string, TarEntry]>([
    ['a user beyond 32 bits', { ...file('a'), uid: 2 ** 32 }],
    ['a time beyond 34 bits', { ...file('a'), mtime: 2 ** 34 }],
    ['a time in fractions', { ...file('a'), mtime: 1.5 }],
    ['a device beyond 12 and 20 bits', { path: 'a', kind: 'block', major: 4096, minor: 0 }],
  ])('%s', (_what, entry) => {
    expect(() => written([entry])).toThrow(RangeError);
  });
});
