/**
 * `npm run vm:build [-- --frozen] [-- --accept-expired]`: builds the machine image, the installation hosts, the
 * registry and the package repositories, or what is missing of them, and puts them where the site finds them.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { packagesIndexSchema } from '../../src/shared/packages.ts';
import { registryIndexSchema } from '../../src/shared/registry.ts';
import { orderHosts } from '../hosts/build.ts';
import { installForSite } from '../hosts/install.ts';
import { JobPool } from '../jobs/job-pool.ts';
import { buildStarts } from '../starts/build.ts';
import { buildImage, type BuildOptions } from './boot/build.ts';
import { createTerminalReporter } from './cli.ts';
import { describeError } from './errors.ts';
import { repositoryFolder } from './paths.ts';
import { installRegistry } from './registry/install.ts';

/** Machines at work at once: each keeps a core busy and takes a gigabyte. */
const jobsAtOnce = 2;

const besidesSchema = z.strictObject({
  registry: z.strictObject({ folder: z.string(), index: registryIndexSchema, built: z.boolean() }),
  packages: z.strictObject({ folder: z.string(), index: packagesIndexSchema, built: z.boolean() }),
});

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { frozen: { type: 'boolean', default: false }, 'accept-expired': { type: 'boolean', default: process.env.DRYDOCK_ACCEPT_EXPIRED === '1' } },
  });
  const started = Date.now();
  const reporter = createTerminalReporter();
  const options = { frozen: values.frozen, acceptExpired: values['accept-expired'], reporter };
  const jobs = new JobPool(jobsAtOnce, reporter);
  const { registry, packages, image, hosts, starts } = await buildAll(options, jobs).finally(() => jobs.close());
  const { folder, manifest, built } = image;
  await installRegistry(registry.folder, join(repositoryFolder, 'public/registry'));
  // Files of the same shape: an index, and blobs beside it.
  await installRegistry(packages.folder, join(repositoryFolder, 'public/packages'));
  await installForSite({ machine: { folder }, hosts, starts }, join(repositoryFolder, 'public/vm'));
  const seconds = Math.round((Date.now() - started) / 1000);
  const parts = [...manifest.state.chunks, ...manifest.disk.chunks].filter((part) => part !== null);
  const megabytes = (list: typeof parts): string => (list.reduce((sum, part) => sum + part.bytes, 0) / 1e6).toFixed(1);
  console.log(
    `image ${manifest.id.slice(0, 12)}: ${built ? `built in ${seconds} s` : 'up to date'}, Docker ${manifest.guest.engineVersion ?? 'none'}, ` +
      `state and memory ${megabytes([...manifest.state.chunks.filter((part) => part !== null), ...manifest.memory.parts])} MB, disk ${megabytes(manifest.disk.chunks.filter((part) => part !== null))} MB in ${parts.length} parts`,
  );
  const shared = new Set(parts.map((part) => part.path));
  for (const host of hosts) {
    const own = [...host.manifest.state.chunks, ...host.manifest.memory.parts, ...host.manifest.disk.chunks].filter((part) => part !== null).filter((part) => !shared.has(part.path));
    console.log(`host ${host.name} ${host.manifest.id.slice(0, 12)}: ${host.built ? 'built' : 'up to date'}, ${megabytes(own)} MB of its own`);
  }
  const made = Object.values(starts.index.starts).map(({ state }) => state.part.bytes);
  console.log(`starts of exercises: ${starts.built === 0 ? 'up to date' : `${starts.built} built`}, ${(made.reduce((sum, size) => sum + size, 0) / 1e6).toFixed(1)} MB in ${made.length} files`);
  const files = new Map(Object.values(packages.index.sites).flatMap((site) => Object.values(site)).flatMap((file) => file.parts ?? [file]).map(({ sha256, bytes: size }) => [sha256, size]));
  console.log(`packages: ${packages.built ? 'built' : 'up to date'}, ${([...files.values()].reduce((sum, size) => sum + size, 0) / 1e6).toFixed(1)} MB in ${files.size} files`);
  const { repositories, images } = registry.index;
  const blobs = new Map(Object.values(images).flatMap((image) => [image.manifest, image.config, ...image.layers]).map(({ digest, bytes }) => [digest, bytes]));
  const bytes = [...blobs.values()].reduce((sum, size) => sum + size, 0);
  console.log(`registry: ${registry.built ? 'built' : 'up to date'}, ${repositories.length} repositories, ${Object.keys(images).length} images, ${(bytes / 1e6).toFixed(1)} MB in ${blobs.size} blobs`);
}

/**
 * What does not need the machine is made beside its disk, the hosts beside its state, which need no more than its disk, and then
 * the starts of exercises: many and short ones come last, so that no core is idle at the end.
 */
async function buildAll(options: BuildOptions, jobs: JobPool) {
  const { frozen, acceptExpired, reporter } = options;
  const disk = Promise.withResolvers<string>();
  const making = jobs.here(() => buildImage(options, disk.resolve));
  const besides = jobs.run({ kind: 'registry and packages', frozen, acceptExpired }, besidesSchema, 'Registry and packages');
  const ordering = disk.promise.then((diskFile) => orderHosts(diskFile, options, jobs));
  const [image, { registry, packages }, hosts, starts] = await Promise.all([
    making,
    besides,
    ordering.then(({ built }) => built),
    Promise.all([making, ordering]).then(([made]) => buildStarts(made, jobs, reporter)),
  ]);
  return { registry, packages, image, hosts, starts };
}

await main().catch((error: unknown) => {
  console.error(describeError(error));
  process.exitCode = 1;
});
