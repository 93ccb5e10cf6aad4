/**
 * What the image builder publishes for the registries of the virtual network: an index, and content-addressed files
 * beside it. `registry/index.json` is the index, `registry/blobs/<sha256 in hex>` each manifest, config and layer.
 */
import { z } from 'zod';
import { localizedSchema } from './locale.ts';

const digest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/)
  .describe('Digest as the distribution API writes it');

const descriptorSchema = z.strictObject({
  digest,
  bytes: z.int().nonnegative().describe('Length of the blob'),
});

const layerSchema = descriptorSchema.extend({
  createdBy: z.string().describe('What the layer is, as `docker history` shows it'),
  unpackedBytes: z.int().nonnegative().describe('Length of the tar in it'),
});

export const registryImageSchema = z.strictObject({
  manifest: descriptorSchema.describe('The image manifest'),
  mediaType: z.string().describe('Of the manifest'),
  config: descriptorSchema,
  layers: z.array(layerSchema).describe('From the base up'),
  created: z.iso.datetime().describe('As in the config'),
});

export const registryRepositorySchema = z.strictObject({
  name: z.string().describe('With its namespace, such as library/nginx'),
  description: localizedSchema.describe('A sentence; docker search shows the English one'),
  official: z.boolean().describe('Marked [OK] by docker search'),
  stars: z.int().nonnegative().describe('For docker search'),
  tags: z.record(z.string(), digest).describe('Digest of the manifest of each tag'),
});

export const registryIndexSchema = z.strictObject({
  schema: z.literal(1),
  repositories: z.array(registryRepositorySchema),
  images: z.record(z.string(), registryImageSchema).describe('By the digest of the manifest'),
});

export type RegistryImage = z.infer<typeof registryImageSchema>;
export type RegistryRepository = z.infer<typeof registryRepositorySchema>;
export type RegistryIndex = z.infer<typeof registryIndexSchema>;
