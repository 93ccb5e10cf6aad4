/** Takes parts from a folder: for tests on the built image, in Node. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PermanentFailure, type PartTransport } from '../core/parts/transport.ts';

/** `folder` is where the manifest lies. */
export function fileTransport(folder: string): PartTransport {
  return async (part, { signal, onBytes }) => {
    try {
      const bytes = Uint8Array.from(await readFile(join(folder, part.path), { signal }));
      onBytes(bytes.length);
      return bytes;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw new PermanentFailure('there is no such file', { cause: error });
      throw error;
    }
  };
}
