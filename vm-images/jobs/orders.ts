/** What the builder has made in a process of its own, and what that process says meanwhile. */
import { z } from 'zod';
import { exerciseSchema } from '../../src/checkers/schema.ts';
import { buildErrorCodes } from '../builder/errors.ts';

const packageOptions = {
  frozen: z.boolean().describe('As in PrepareOptions'),
  acceptExpired: z.boolean().describe('As in PrepareOptions'),
};

export const orderSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('registry and packages'), ...packageOptions }),
  z.strictObject({ kind: z.literal('host'), name: z.string(), diskFile: z.string().describe('Of the finished disk of the machine, see `readDisk`'), ...packageOptions }),
  z.strictObject({
    kind: z.literal('start'),
    exercise: exerciseSchema,
    manifest: z.string().describe('Path of the manifest of the image'),
    target: z.string().describe('File for the bytes of the session'),
  }),
]);

export type Order = z.input<typeof orderSchema>;

/** From the process of a job to the one that ordered it. */
export const messageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('progress'), progress: z.strictObject({ stage: z.string(), step: z.string().optional(), done: z.number(), total: z.number() }) }),
  z.strictObject({ kind: z.literal('warning'), message: z.string() }),
  z.strictObject({ kind: z.literal('done'), result: z.unknown() }),
  // `cause` as describeError puts it.
  z.strictObject({ kind: z.literal('failed'), code: z.enum(buildErrorCodes).optional(), message: z.string(), hint: z.string().optional(), cause: z.string().optional() }),
]);

export type Message = z.input<typeof messageSchema>;
