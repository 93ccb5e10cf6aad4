/**
 * Puts a compressed copy beside each text of the site. Web servers on the Internet compress by themselves; the one of
 * `npm start` sends these copies, so that a class on one laptop's network waits for a third of the bytes.
 */
import { glob, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';

const compress = promisify(gzip);

/** Pagefind's index and the parts of machines and images are compressed already. */
const texts = '**/*.{html,js,css,json,svg,xml}';
/** Less would not spare a packet. */
const smallestBytes = 1400;

/** @returns how many copies were written */
export async function precompress(folder: string): Promise<number> {
  let written = 0;
  for await (const path of glob(texts, { cwd: folder })) {
    const file = join(folder, path);
    const bytes = await readFile(file);
    if (bytes.length < smallestBytes) continue;
    await writeFile(`${file}.gz`, await compress(bytes, { level: constants.Z_BEST_COMPRESSION }));
    written += 1;
  }
  return written;
}
