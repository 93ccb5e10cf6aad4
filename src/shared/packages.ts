/**
 * What the image builder publishes for the package repositories of the virtual network: an index, and content-addressed
 * files beside it. `packages/index.json` is the index, `packages/blobs/<sha256 in hex>` each file, or
 * each part of it: a .deb and an .rpm of the same programs share their parts.
 */
import { z } from 'zod';

const blobSchema = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/).describe('In hex'),
  bytes: z.int().nonnegative(),
});

const fileSchema = z.strictObject({
  ...blobSchema.shape,
  parts: z.array(blobSchema).optional().describe('The blobs that it consists of, one behind another; without them it is one'),
});

/** The bodies of files that several hosts of the network may have, each below a path of its own. */
export const packageSites = ['docker', 'archive', 'script', 'mirroredScript'] as const;

export const packagesIndexSchema = z.strictObject({
  schema: z.literal(1),
  sites: z.record(z.enum(packageSites), z.record(z.string().startsWith('/'), fileSchema).describe('By path')),
});

export type PackageSite = (typeof packageSites)[number];
export type PackagesIndex = z.infer<typeof packagesIndexSchema>;
export type PackageFile = z.infer<typeof fileSchema>;
