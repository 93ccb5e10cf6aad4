/** Content-addressed files that the builder has published, for the hosts of tests in Node. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { FetchBlob } from '../../src/network/registry/content.ts';

/** Bytes of a blob, or of a range of it. @param folder holds `blobs` */
export function blobsOf(folder: string): FetchBlob {
  return (hex, { signal, range }) => {
    const bounds = range === undefined ? {} : { start: range.start, end: range.end - 1 };
    return createReadStream(join(folder, 'blobs', hex), { ...bounds, signal, highWaterMark: 65_536 });
  };
}
