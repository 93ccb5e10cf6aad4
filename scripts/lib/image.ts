/** Makes sure that machine image, hosts, registry and packages are built and that the site finds them in `public`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, runScript, SetupError } from './run.ts';

/** Builds what is missing; seconds when nothing changed. The builder shows its own progress. */
export async function ensureImage(args: readonly string[] = []): Promise<void> {
  const code = await runScript('vm-images/builder/cli-build.ts', args);
  if (code !== 0) throw new SetupError('the machine image could not be built; the lines above say why and what to do. Then run the same command again: finished stages are kept.');
  if (!existsSync(join(root, 'public/vm/manifest.json'))) throw new SetupError('the image builder ended without public/vm/manifest.json. Delete .cache/image and run the command again.');
  if (!existsSync(join(root, 'public/packages/index.json'))) throw new SetupError('the image builder ended without public/packages/index.json. Delete .cache/packages and run the command again.');
  if (!existsSync(join(root, 'public/registry/index.json'))) throw new SetupError('the image builder ended without public/registry/index.json. Delete .cache/registry and run the command again.');
}
