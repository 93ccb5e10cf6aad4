/** Files of the repositories as a site holds them: one blob, or several of which others may have some too. */
import type { PackageFile } from '../../src/shared/packages.ts';
import { sha256 } from '../builder/debian/download.ts';
import { writeBlob } from '../builder/registry/blobs.ts';

/** Smaller pieces are no requests of their own: they are joined with what stands beside them. */
const smallest = 16_384;

export type Put = (...pieces: readonly Uint8Array[]) => Promise<PackageFile>;

/** @param folder gets the blobs */
export function blobWriter(folder: string): Put {
  const put = async (content: Uint8Array): Promise<{ sha256: string; bytes: number }> => {
    const { digest, bytes } = await writeBlob(folder, content);
    return { sha256: digest.replace('sha256:', ''), bytes };
  };
  return async (...pieces) => {
    const joined = joinSmall(pieces);
    const [only] = joined;
    if (only === undefined || joined.length === 1) return put(only ?? new Uint8Array());
    const parts = [];
    for (const piece of joined) parts.push(await put(piece));
    const whole = Buffer.concat(joined);
    return { sha256: sha256(whole), bytes: whole.length, parts };
  };
}

function joinSmall(pieces: readonly Uint8Array[]): Uint8Array[] {
  const joined: Uint8Array[] = [];
  let small: Uint8Array[] = [];
  const flush = (): void => {
    if (small.length > 0) joined.push(Buffer.concat(small));
    small = [];
  };
  for (const piece of pieces) {
    if (piece.length < smallest) {
      small.push(piece);
      continue;
    }
    flush();
    joined.push(piece);
  }
  flush();
  return joined;
}
