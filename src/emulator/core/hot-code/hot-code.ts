/**
 * Which code a learner's first minutes run through: the pages of the saved memory that hold it, hottest first, and where
 * in them the guest begins a block. Recorded when the image is built; see vm-images/builder/emulator/hot-code.ts.
 */

export interface HotPage {
  /** Number of the page in the guest's memory. */
  readonly page: number;
  /** What the code assumes of the processor: v86's "state flags". */
  readonly flags: number;
  /** Offsets in the page at which blocks begin, ascending. */
  readonly entries: Uint16Array;
}

const headBytes = 8;

/** As it is published: for each page its number (32 bits), flags and number of entries (16 bits each), then the entries; little-endian. */
export function encodeHotCode(pages: readonly HotPage[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pages.reduce((sum, { entries }) => sum + headBytes + entries.length * 2, 0));
  const view = new DataView(bytes.buffer);
  let position = 0;
  for (const { page, flags, entries } of pages) {
    view.setUint32(position, page, true);
    view.setUint16(position + 4, flags, true);
    view.setUint16(position + 6, entries.length, true);
    position += headBytes;
    for (const entry of entries) {
      view.setUint16(position, entry, true);
      position += 2;
    }
  }
  return bytes;
}

/** Throws `RangeError` if the bytes end in the middle of a page. */
export function decodeHotCode(bytes: Uint8Array): HotPage[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const pages: HotPage[] = [];
  let position = 0;
  while (position < bytes.length) {
    const begin = position + headBytes;
    const count = view.getUint16(position + 6, true);
    const entries = Uint16Array.from({ length: count }, (_, index) => view.getUint16(begin + index * 2, true));
    pages.push({ page: view.getUint32(position, true), flags: view.getUint16(position + 4, true), entries });
    position = begin + count * 2;
  }
  return pages;
}
