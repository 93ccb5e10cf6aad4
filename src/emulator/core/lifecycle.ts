/** What a machine is doing, as one explicit state. Shown by the page, sent by the worker. */
import { z } from 'zod';
import { serializedErrorSchema } from '../../shared/errors.ts';

/** What is downloaded: the emulator and its firmware, or the saved state. */
export const loadedThingSchema = z.enum(['manifest', 'emulator', 'state']);

export const lifecycleSchema = z.lazy(() =>
  z
    .discriminatedUnion('phase', [
      z.strictObject({ phase: z.literal('idle').describe('Nothing was started') }),
      z.strictObject({
        phase: z.literal('loading'),
        what: loadedThingSchema,
        receivedBytes: z.int().nonnegative(),
        totalBytes: z.int().nonnegative().describe('0 while the manifest is not there'),
      }),
      z.strictObject({ phase: z.literal('restoring').describe('The emulator is built and given the saved state') }),
      z.strictObject({ phase: z.literal('running').describe('The guest executes. Its clock and random state are old until the agent was greeted') }),
      z.strictObject({ phase: z.literal('paused') }),
      z.strictObject({
        phase: z.literal('stopped'),
        how: z.enum(['host', 'halted', 'rebooted']).describe('By the page, or by the guest itself, which cannot boot again here'),
      }),
      z.strictObject({
        phase: z.literal('failed'),
        error: serializedErrorSchema,
        retryable: z.boolean().describe('retry() may help and loses nothing; otherwise only a reset does'),
      }),
    ])
    .describe('State of one machine'),
);

export type Lifecycle = z.infer<typeof lifecycleSchema>;
export type LoadedThing = z.infer<typeof loadedThingSchema>;
