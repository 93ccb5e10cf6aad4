/**
 * What the image builder publishes for the package repositories of the virtual network: an index, and content-addressed
 * files beside it. `packages/index.json` is the index, `packages/blobs/<sha256 in hex>` each file.
 */
import { z } from 'zod';

const fileSchema = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/).describe('Of the file, in hex'),
  bytes: z.int().nonnegative(),
});

/** The bodies of files that several hosts of the network may have, each below a path of its own. */
export const packageSites = ['docker', 'debian', 'script', 'mirroredScript'] as const;

export const packagesIndexSchema = z.strictObject({
  schema: z.literal(1),
  sites: z.record(z.enum(packageSites), z.record(z.string().startsWith('/'), fileSchema).describe('By path')),
});

export type PackageSite = (typeof packageSites)[number];
export type PackagesIndex = z.infer<typeof packagesIndexSchema>;
export type PackageFile = z.infer<typeof fileSchema>;
