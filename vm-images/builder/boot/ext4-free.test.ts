import { describe, expect, it } from 'vitest';
import { zeroUnusedBlocks, type WritableDisk } from './ext4-free.ts';

const blockBytes = 1024;
const blockCount = 64;

/** The smallest thing that looks like ext4: superblock, one descriptor, one bitmap. */
function fileSystem(options: { used: number[]; uninit?: boolean; feature64?: boolean }): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(blockBytes * blockCount).fill(0xaa);
  const view = new DataView(bytes.buffer);
  bytes.fill(0, 1024, 4096);
  view.setUint16(1024 + 0x38, 0xef53, true);
  view.setUint32(1024 + 0x60, options.feature64 === true ? 0x80 : 0, true);
  view.setUint32(1024 + 0x04, blockCount, true);
  view.setUint32(1024 + 0x14, 1, true);
  view.setUint32(1024 + 0x20, 8192, true);
  view.setUint32(2048, 3, true);
  view.setUint16(2048 + 0x12, options.uninit === true ? 2 : 0, true);
  for (const block of [1, 2, 3, ...options.used]) bytes[3 * 1024 + ((block - 1) >> 3)]! |= 1 << ((block - 1) & 7);
  return bytes;
}

function diskOver(bytes: Uint8Array<ArrayBuffer>): WritableDisk {
  return {
    slice: (start, length) => bytes.slice(start, start + length),
    write: (start, data) => bytes.set(data, start),
  };
}

describe('zeroUnusedBlocks', () => {
  it('clears free blocks and keeps used ones', () => {
    const bytes = fileSystem({ used: [10, 63] });
    const cleared = zeroUnusedBlocks(diskOver(bytes));
    expect(cleared).toBe((blockCount - 1 - 3 - 2) * blockBytes);
    for (let block = 4; block < blockCount; block++) {
      const used = block === 10 || block === 63;
      expect(bytes[block * blockBytes], `block ${block}`).toBe(used ? 0xaa : 0);
    }
  });

  it('counts only blocks that had content', () => {
    const bytes = fileSystem({ used: [] });
    zeroUnusedBlocks(diskOver(bytes));
    expect(zeroUnusedBlocks(diskOver(bytes))).toBe(0);
  });

  it('leaves a group alone whose bitmap was never written', () => {
    const bytes = fileSystem({ used: [], uninit: true });
    expect(zeroUnusedBlocks(diskOver(bytes))).toBe(0);
    expect(bytes[20 * blockBytes]).toBe(0xaa);
  });

  it('refuses what it does not understand', () => {
    expect(() => zeroUnusedBlocks(diskOver(new Uint8Array(8192)))).toThrow('no ext4');
    expect(() => zeroUnusedBlocks(diskOver(fileSystem({ used: [], feature64: true })))).toThrow('64bit');
  });
});
