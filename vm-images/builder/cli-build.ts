/**
 * `npm run vm:build [-- --frozen] [-- --accept-expired]`: builds the machine image and the registry, or what is missing
 * of them, and puts them where the site finds them.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildImage, installForSite } from './boot/build.ts';
import { createTerminalReporter } from './cli.ts';
import { describeError } from './errors.ts';
import { repositoryFolder } from './paths.ts';
import { buildRegistry } from './registry/build.ts';
import { installRegistry } from './registry/install.ts';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { frozen: { type: 'boolean', default: false }, 'accept-expired': { type: 'boolean', default: process.env.DRYDOCK_ACCEPT_EXPIRED === '1' } },
  });
  const started = Date.now();
  const reporter = createTerminalReporter();
  const options = { frozen: values.frozen, acceptExpired: values['accept-expired'], reporter };
  const registry = await buildRegistry(options);
  await installRegistry(registry.folder, join(repositoryFolder, 'public/registry'));
  const { folder, manifest, built } = await buildImage(options);
  await installForSite(folder, manifest, join(repositoryFolder, 'public/vm'));
  const seconds = Math.round((Date.now() - started) / 1000);
  const parts = [...manifest.state.chunks, ...manifest.disk.chunks].filter((part) => part !== null);
  const megabytes = (list: typeof parts): string => (list.reduce((sum, part) => sum + part.bytes, 0) / 1e6).toFixed(1);
  console.log(
    `image ${manifest.id.slice(0, 12)}: ${built ? `built in ${seconds} s` : 'up to date'}, Docker ${manifest.guest.engineVersion}, ` +
      `state and memory ${megabytes([...manifest.state.chunks.filter((part) => part !== null), ...manifest.memory.parts])} MB, disk ${megabytes(manifest.disk.chunks.filter((part) => part !== null))} MB in ${parts.length} parts`,
  );
  const { repositories, images } = registry.index;
  const blobs = new Map(Object.values(images).flatMap((image) => [image.manifest, image.config, ...image.layers]).map(({ digest, bytes }) => [digest, bytes]));
  const bytes = [...blobs.values()].reduce((sum, size) => sum + size, 0);
  console.log(`registry: ${registry.built ? 'built' : 'up to date'}, ${repositories.length} repositories, ${Object.keys(images).length} images, ${(bytes / 1e6).toFixed(1)} MB in ${blobs.size} blobs`);
}

await main().catch((error: unknown) => {
  console.error(describeError(error));
  process.exitCode = 1;
});
