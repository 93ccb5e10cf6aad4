/** Blobs as bodies of answers, at the pace of the guest or slower. */
import type { ByteRange } from '../http/range.ts';
import type { FetchBlob } from './content.ts';

/** Pieces of a slowed body: small, so that a progress bar moves. */
const slowPieceBytes = 16_384;

/** Fetches when the first piece is wanted, and stops when nobody wants more or the signal aborts. */
export async function* blobBody(fetchBlob: FetchBlob, digest: string, range: ByteRange, signal: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
  const over = new AbortController();
  const stop = () => over.abort(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    yield* fetchBlob(digest.replace(/^sha256:/, ''), { signal: over.signal, range });
  } finally {
    signal.removeEventListener('abort', stop);
    over.abort();
  }
}

/** Lets so many bytes through in a second. */
export async function* throttle(body: AsyncIterable<Uint8Array>, bytesPerSecond: number): AsyncGenerator<Uint8Array, void, void> {
  let due = Date.now();
  for await (const bytes of body) {
    for (let at = 0; at < bytes.length; at += slowPieceBytes) {
      const piece = bytes.subarray(at, at + slowPieceBytes);
      // What was late is not caught up with.
      due = Math.max(due, Date.now()) + (piece.length / bytesPerSecond) * 1000;
      await new Promise<void>((resolve) => void setTimeout(resolve, Math.max(0, due - Date.now())));
      yield piece;
    }
  }
}
