/**
 * What page and worker say to each other: two unions, checked on arrival.
 *
 * Link bytes travel as transferred ArrayBuffers. They need no acknowledgement of their own: what can be under way in
 * either direction is bounded by the windows of the agent's channels (65,536 bytes a channel, granted again only when
 * the page's consumer has taken them), so that neither side can pile up bytes in a slow other one.
 *
 * Larger schemas of the first script, these and those of what they hold, are built when something is to be checked: building them
 * all was a sixth of what loading that script takes.
 */
import { z } from 'zod';
import { registryAccessSchema } from '../network/registry/access-log.ts';
import { serializedErrorSchema } from '../shared/errors.ts';
import { guestSchema } from '../shared/manifest.ts';
import { startStateSchema } from '../shared/starts.ts';
import { lifecycleSchema } from './core/lifecycle.ts';

const bytes = z.instanceof(ArrayBuffer);
const requestId = z.int().nonnegative().describe('Comes back in the answer');

export const toWorkerSchema = z.lazy(() =>
  z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('start'),
      manifestUrl: z.url().describe('Absolute'),
      session: z.instanceof(Blob).optional().describe('What `save` brought; the published state unless given'),
      start: startStateSchema.optional().describe('Start of the exercise, unless there is a session'),
    }),
    z.strictObject({ type: z.literal('retry'), manifestUrl: z.url().describe('As given to start') }),
    z.strictObject({ type: z.literal('thrift').describe('What is done in advance ends here if it costs what is to be spared'), data: z.boolean(), power: z.boolean() }),
    z.strictObject({ type: z.literal('pause') }),
    z.strictObject({ type: z.literal('resume') }),
    z.strictObject({ type: z.literal('ping'), id: requestId }),
    z.strictObject({ type: z.literal('stats'), id: requestId }),
    z.strictObject({ type: z.literal('save').describe('Asks for the machine as it is'), id: requestId }),
    z.strictObject({ type: z.literal('link'), bytes: bytes.describe('For the guest') }),
    z.strictObject({
      type: z.literal('connect').describe('Opens a TCP connection into the guest'),
      port: z.int().min(1).max(65_535),
      channel: z.custom<MessagePort>((value) => value instanceof MessagePort).describe('Speaks `connection-channel.ts`'),
    }),
  ]),
);

export const machineStatsSchema = z.strictObject({
  instructions: z.number().describe('Guest instructions executed since the start'),
  jitCompiles: z.number().describe('WebAssembly modules compiled by the JIT'),
  jitBytes: z.number().describe('Their bytes'),
  jitUncut: z.number().describe('Those of them that could not be cut into parts'),
  memoryBytes: z.number().describe("The emulator's WebAssembly memory"),
});

export const toPageSchema = z.lazy(() =>
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('lifecycle'), state: lifecycleSchema }),
    z.strictObject({
      type: z.literal('machine').describe('There is a machine now, restored and about to run, and a link to it'),
      guest: guestSchema,
      prepared: z.boolean().describe('It comes from a session or with the start of the exercise made'),
    }),
    z.strictObject({ type: z.literal('agentStarted').describe('The agent of the same machine has started again: the link begins anew') }),
    z.strictObject({ type: z.literal('link'), bytes: bytes.describe('From the guest') }),
    z.strictObject({ type: z.literal('registryAccess').describe('The guest has asked a registry of the network'), access: registryAccessSchema }),
    z.strictObject({ type: z.literal('linkClosed'), error: serializedErrorSchema }),
    z.strictObject({ type: z.literal('pong'), id: requestId }),
    z.strictObject({
      type: z.literal('silence').describe('The guest waits for memory that is being fetched: nothing is answered meanwhile'),
      milliseconds: z.number().nonnegative().describe('So long at most'),
    }),
    z.strictObject({ type: z.literal('stats'), id: requestId, stats: machineStatsSchema.nullable().describe('null: there is no machine') }),
    z.strictObject({ type: z.literal('saved'), id: requestId, session: z.instanceof(Blob).describe('As core/session/session-image.ts packs it'), imageId: z.string() }),
    z.strictObject({ type: z.literal('notSaved'), id: requestId, error: serializedErrorSchema }),
  ]),
);

export type ToWorker = z.infer<typeof toWorkerSchema>;
export type ToPage = z.infer<typeof toPageSchema>;
