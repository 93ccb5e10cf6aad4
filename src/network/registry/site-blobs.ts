/**
 * Blobs from the site's static files: `registry/blobs/<sha256 in hex>`, fetched while the guest pulls them and kept by the
 * browser's own cache, since a file of that name never changes.
 */
import { Transfer } from '../../shared/transfer.ts';
import type { FetchBlob } from './content.ts';

/** What is needed of `fetch`, which every realm that has it types in its own way. */
export type Fetch = (url: string, init: { headers: Record<string, string>; signal: AbortSignal }) => Promise<FetchedFile>;

export interface FetchedFile {
  readonly status: number;
  readonly body: { getReader(): FileReader } | null;
}

interface FileReader {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}

const partial = 206;
const whole = 200;

/** @param base URL of the folder `registry`, with a slash at its end */
export function siteBlobs(base: string, fetchFile: Fetch): FetchBlob {
  return async function* (hex, { signal, range }) {
    const wanted = range !== undefined && range.start > 0;
    // A whole file is asked for without a range, so that the browser keeps it.
    const headers: Record<string, string> = wanted ? { Range: `bytes=${range.start}-${range.end - 1}` } : {};
    const transfer = new Transfer(signal);
    let reader: FileReader | undefined;
    try {
      const { status, body } = await transfer.wait(() => fetchFile(`${base}blobs/${hex}`, { headers, signal: transfer.signal }));
      if ((status !== whole && status !== partial) || body === null) throw new Error(`the blob ${hex} was answered with status ${status}`);
      // A server may not know ranges, and then sends all.
      let skip = wanted && status === whole ? range.start : 0;
      let rest = range === undefined ? Number.POSITIVE_INFINITY : range.end - range.start;
      const pieces = body.getReader();
      reader = pieces;
      while (rest > 0) {
        // Not limited is how long the guest takes for a piece.
        const { done, value } = await transfer.wait(() => pieces.read());
        if (done || value === undefined) return;
        const piece = value.subarray(skip, skip + rest);
        skip -= Math.min(skip, value.length);
        rest -= piece.length;
        if (piece.length > 0) yield piece;
      }
    } finally {
      // Harmless at the end, and stops the download before it.
      await reader?.cancel().catch(() => undefined);
      transfer.end();
    }
  };
}
