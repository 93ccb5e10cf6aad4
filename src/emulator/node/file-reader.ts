/** Reads parts from a folder and waits: for the built image in Node. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BlockingRead } from '../core/parts/part-reader.ts';

/** `folder` is where the manifest lies. */
export function fileReader(folder: string): BlockingRead {
  return (part) => Uint8Array.from(readFileSync(join(folder, part.path)));
}
