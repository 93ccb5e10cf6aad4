import { createHash } from 'node:crypto';
import { zstdDecompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { tarPieces, type TarEntry } from '../builder/tar.ts';
import { Packer, spliceZstd } from './zstd-splice.ts';

/** Bytes that compress somewhat, like a program: words of a small dictionary, and runs. */
function program(seed: string, bytes: number): Buffer {
  const words = Array.from({ length: 64 }, (_, index) => createHash('sha256').update(`${seed} ${index}`).digest().subarray(0, 3 + (index % 29)));
  const pieces: Buffer[] = [];
  let length = 0;
  for (let at = 0; length < bytes; at++) {
    const choice = createHash('md5').update(`${seed}${at}`).digest();
    const piece = (choice[0] ?? 0) < 8 ? Buffer.alloc((choice[1] ?? 0) * 16, choice[2]) : (words[(choice[1] ?? 0) % words.length] ?? Buffer.alloc(1));
    pieces.push(piece);
    length += piece.length;
  }
  return Buffer.concat(pieces).subarray(0, bytes);
}

const file = (path: string, content: Buffer): TarEntry => ({ path, kind: 'file', content });
// The first bytes of the second and third are what offsets 1, 4 and 8 serve at the start of a frame.
const large = [program('a', 700_000), Buffer.concat([Buffer.alloc(300, 'x'), program('b', 200_000)]), Buffer.concat([Buffer.from('abcdefgh'.repeat(40)), program('c', 65_536)]), Buffer.alloc(3_000_000)];
const entries = [file('small', Buffer.from('x')), ...large.map((content, index) => file(`large/${index}`, content)), file('end', program('d', 3000))];

it('is one frame that any zstd unpacks', async () => {
  const plain = Buffer.concat([...tarPieces(entries)]);
  for (const level of [1, 3, 12, 19]) {
    const packed = Buffer.concat(await spliceZstd(tarPieces(entries), new Packer(level)));
    expect(zstdDecompressSync(packed).equals(plain)).toBe(true);
  }
});

it('gives large files the same bytes wherever they stand', async () => {
  const packer = new Packer(3);
  const one = await spliceZstd(tarPieces(entries), packer);
  const other = await spliceZstd(tarPieces(entries.toReversed()), packer);
  const shared = one.filter((piece) => other.includes(piece));
  expect(shared).toHaveLength(large.length);
  expect(zstdDecompressSync(Buffer.concat(other)).equals(Buffer.concat([...tarPieces(entries.toReversed())]))).toBe(true);
  const bytes = (pieces: readonly Uint8Array[]) => pieces.reduce((sum, { length }) => sum + length, 0);
  expect(bytes(one) - bytes(shared)).toBeLessThan(10_000);
});

it('refuses an archive in which nothing can bring the decoder back to its start', async () => {
  await expect(spliceZstd([Buffer.from('no run'), program('a', 70_000)], new Packer(3))).rejects.toThrow(/no run/);
  expect(zstdDecompressSync(Buffer.concat(await spliceZstd([Buffer.from('only small')], new Packer(3)))).toString()).toBe('only small');
});
