/** Files as the emulator takes them. */
import { readFile } from 'node:fs/promises';

/** The file in a buffer of its own: one of Node's may share its memory with others. */
export async function readBuffer(path: string): Promise<ArrayBuffer> {
  return new Uint8Array(await readFile(path)).buffer;
}
