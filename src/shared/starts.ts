/**
 * Machines in which the start of an exercise has been made already: what differs from the published image, made when the
 * image is built. `vm/starts.json` lists them, `vm/starts/` has the files.
 */
import { z } from 'zod';
import { packedSchema } from './manifest.ts';

export const startStateSchema = packedSchema.extend({
  imageId: z.string().describe('`id` of the manifest of the image that it differs from'),
});

export const startIndexSchema = z.strictObject({
  schema: z.literal(1),
  starts: z
    .record(z.string(), z.strictObject({ of: z.string().describe('What was made: see src/checkers/start-state.ts'), state: startStateSchema }))
    .describe('By the id of the exercise'),
});

/** A file of src/emulator/core/session/session-image.ts, compressed with zstd. */
export type StartState = z.infer<typeof startStateSchema>;
export type StartIndex = z.infer<typeof startIndexSchema>;

/** Of the index, beside the manifest. */
export const startIndexFile = 'starts.json';
