/**
 * What the image builder publishes and the emulator host loads: one machine image.
 *
 * Every part is a file named by the hash of its content, so that a browser can cache it for ever and a
 * half-updated site cannot mix two images.
 */
import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/).describe('SHA-256 of the file as served, in hex');

export const partSchema = z
  .strictObject({
    path: z.string().min(1).describe('Path relative to the manifest'),
    bytes: z.int().nonnegative().describe('Size of the file as served'),
    sha256,
  })
  .describe('One downloadable file');

/** A byte sequence cut into equal chunks, each compressed with zstd on its own. */
export const chunkedSchema = z.strictObject({
  bytes: z.int().positive().describe('Size before compression; the last chunk may be shorter'),
  chunkBytes: z.int().positive().describe('Size of a chunk before compression'),
  chunks: z.array(partSchema.nullable()).describe('In order; null: a chunk of zeros, nothing to download'),
});

/** The guest's memory, cut into parts of whole pages in the order in which the guest needs them. */
export const memorySchema = z.strictObject({
  map: partSchema.describe('Part of every page, zstd: see src/emulator/core/memory/page-map.ts'),
  parts: z.array(partSchema).describe('Pages in ascending order, zstd'),
  startParts: z.int().nonnegative().describe('The first so many parts are in place before the machine runs'),
  aheadParts: z.int().nonnegative().describe('The next so many are what a first container needs: fetched while the learner reads. The others come when the guest touches them'),
});

/** One compressed file with its size before. */
export const packedSchema = z.strictObject({
  bytes: z.int().nonnegative().describe('Before compression'),
  part: partSchema.describe('zstd'),
});

export const authoritySchema = z
  .strictObject({
    certificate: z.string().regex(/^([0-9a-f]{2})+$/).describe('X.509 in DER, as hex'),
    privateKey: z.string().regex(/^[0-9a-f]{64}$/).describe('Scalar on P-256, as hex. No secret: only this image trusts it, and the page must sign with it'),
  })
  .describe("The lab's certificate authority, which the guest trusts beside the public ones");

export const guestSchema = z.strictObject({
  user: z.string().describe("The learner's user name"),
  home: z.string(),
  engineVersion: z.string().optional().describe('Version of dockerd; missing on a host without one'),
  kernelVersion: z.string(),
  images: z.array(z.strictObject({ name: z.string(), id: z.string() })).describe('Container images present at boot'),
});

export const manifestSchema = z.lazy(() =>
  z.strictObject({
    schema: z.literal(4),
    id: z.string().describe('Hash over everything below: the identity of the image'),
    emulator: z.strictObject({
      version: z.string().describe('Exact npm version of v86 that saved the state; another one cannot restore it'),
      wasm: packedSchema.describe('v86.wasm'),
    }),
    machine: z.strictObject({
      memoryBytes: z.int().positive(),
      vgaMemoryBytes: z.int().positive(),
      network: z.strictObject({
        mac: z.string().describe('MAC of the guest NIC as saved in the state'),
        guestAddress: z.string().describe('IPv4 of the guest'),
        gatewayAddress: z.string().describe('IPv4 of the page, which is gateway and DNS server'),
        mtu: z.int().min(576).max(65_535).describe('Largest IP packet of the guest NIC'),
      }),
    }),
    bios: packedSchema.describe('seabios'),
    vgaBios: packedSchema.describe('seavgabios'),
    state: chunkedSchema.describe('Saved v86 state with the engine up and quiet, without the memory'),
    memory: memorySchema,
    hotCode: packedSchema.describe("Code of a learner's first minutes: see src/emulator/core/hot-code/hot-code.ts"),
    disk: chunkedSchema.describe('Root disk'),
    authority: authoritySchema,
    guest: guestSchema,
  }),
);

export type Part = z.infer<typeof partSchema>;
export type Chunked = z.infer<typeof chunkedSchema>;
export type Packed = z.infer<typeof packedSchema>;
export type MemoryParts = z.infer<typeof memorySchema>;
export type PublishedAuthority = z.infer<typeof authoritySchema>;
export type ImageManifest = z.infer<typeof manifestSchema>;
