/**
 * Which part of a saved memory holds which page.
 *
 * A memory is cut into parts of whole pages, each downloaded on its own. A part lists no page numbers: it holds its
 * pages in ascending order, and the map tells for every page of the memory which part that is.
 */

/** Of the guest's processor, and of v86's TLB. */
export const pageBytes = 4096;

export interface PageMap {
  /** For each page of the memory its part, counted from 1; 0: the page is zeros and in no part. */
  readonly partOf: Uint16Array;
  /** Pages of each part, ascending; index 0 is part 1. */
  readonly pages: readonly Uint32Array[];
}

/** Throws `RangeError` if a part of the map has no place among `partCount` parts. */
export function createPageMap(partOf: Uint16Array, partCount: number): PageMap {
  const counts = new Uint32Array(partCount + 1);
  for (const part of partOf) {
    if (part > partCount) throw new RangeError(`a page lies in part ${part} of ${partCount}`);
    counts[part] = (counts[part] ?? 0) + 1;
  }
  const pages = Array.from({ length: partCount }, (_, index) => new Uint32Array(counts[index + 1] ?? 0));
  const filled = new Uint32Array(partCount);
  partOf.forEach((part, page) => {
    const list = pages[part - 1];
    if (list === undefined) return;
    const at = filled[part - 1] ?? 0;
    list[at] = page;
    filled[part - 1] = at + 1;
  });
  return { partOf, pages };
}

/** The map as it is published: one little-endian 16-bit number for each page. */
export function encodePageMap(partOf: Uint16Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(partOf.length * 2);
  const view = new DataView(bytes.buffer);
  partOf.forEach((part, page) => view.setUint16(page * 2, part, true));
  return bytes;
}

export function decodePageMap(bytes: Uint8Array): Uint16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint16Array.from({ length: bytes.length >> 1 }, (_, page) => view.getUint16(page * 2, true));
}
