/** Which machine image is published beside the site, so that a page knows without asking which saved machines fit. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * @param manifestFile file in the folder of the images, see src/shared/hosts.ts
 * @returns `undefined` where no image was built, as while texts are written; the worker compares again when a machine is restored
 */
export async function publishedImageId(manifestFile: string): Promise<string | undefined> {
  try {
    const manifest: unknown = JSON.parse(await readFile(join(process.cwd(), 'public/vm', manifestFile), 'utf8'));
    const id: unknown = typeof manifest === 'object' && manifest !== null ? Reflect.get(manifest, 'id') : undefined;
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}
