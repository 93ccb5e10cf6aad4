/**
 * `npm run vm:build [-- --frozen] [-- --accept-expired]`: builds the machine image, or what is missing of it, and puts
 * it where the site finds it.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildImage, installForSite } from './boot/build.ts';
import { createTerminalReporter } from './cli.ts';
import { describeError } from './errors.ts';
import { repositoryFolder } from './paths.ts';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { frozen: { type: 'boolean', default: false }, 'accept-expired': { type: 'boolean', default: process.env.DRYDOCK_ACCEPT_EXPIRED === '1' } },
  });
  const started = Date.now();
  const reporter = createTerminalReporter();
  const { folder, manifest, built } = await buildImage({ frozen: values.frozen, acceptExpired: values['accept-expired'], reporter });
  await installForSite(folder, manifest, join(repositoryFolder, 'public/vm'));
  const seconds = Math.round((Date.now() - started) / 1000);
  const parts = [...manifest.state.chunks, ...manifest.disk.chunks].filter((part) => part !== null);
  const megabytes = (list: typeof parts): string => (list.reduce((sum, part) => sum + part.bytes, 0) / 1e6).toFixed(1);
  console.log(
    `image ${manifest.id.slice(0, 12)}: ${built ? `built in ${seconds} s` : 'up to date'}, Docker ${manifest.guest.engineVersion}, ` +
      `state ${megabytes(manifest.state.chunks.filter((part) => part !== null))} MB, disk ${megabytes(manifest.disk.chunks.filter((part) => part !== null))} MB in ${parts.length} parts`,
  );
}

await main().catch((error: unknown) => {
  console.error(describeError(error));
  process.exitCode = 1;
});
