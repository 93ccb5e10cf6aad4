/** Results of the cache are shown elsewhere without taking their space twice. */
import { cp, link, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Puts every file of the folder into the other one: hard links where the file system has them, copies elsewhere. */
export async function shareFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) {
    await link(join(from, name), join(to, name)).catch(() => cp(join(from, name), join(to, name)));
  }
}
