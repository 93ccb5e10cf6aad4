/** What a preview in a window of its own and the lab say to each other, both of this site: over one port, checked on arrival. */
import { z } from 'zod';
import { serializedErrorSchema } from '../../shared/errors.ts';

const id = z.int().nonnegative();
const bytes = z.instanceof(ArrayBuffer);

/** The window's first message to its opener, with a port. */
export const windowHelloSchema = z.strictObject({ type: z.literal('drydock-preview-window') });

const requestSchema = z.strictObject({
  url: z.string(),
  method: z.enum(['GET', 'POST']),
  contentType: z.string(),
  body: bytes.nullable(),
  referrer: z.string(),
  reload: z.boolean(),
});

const portSchema = z.strictObject({ port: z.int(), inner: z.int(), container: z.string(), loopbackOnly: z.boolean() });

const answerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('page'),
    page: z.strictObject({ url: z.string(), html: z.string(), referrer: z.string(), cookies: z.string(), stored: z.array(z.tuple([z.string(), z.string()])), language: z.string() }),
  }),
  z.strictObject({ kind: z.literal('file'), name: z.string(), bytes }),
  z.strictObject({ kind: z.literal('nothing') }),
]);

export const toLabSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('load'), id, request: requestSchema }),
  z.strictObject({ type: z.literal('cancel'), id }),
  z.strictObject({ type: z.literal('serve').describe('With the network end of a frame’s line'), id, address: z.string() }),
  z.strictObject({ type: z.literal('unserve'), id }),
  z.strictObject({ type: z.literal('visible').describe('While somebody looks the machine is not paused'), visible: z.boolean() }),
  z.strictObject({ type: z.literal('bye').describe('The window goes away') }),
]);

export const toWindowSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('answer'), id, answer: answerSchema }),
  z.strictObject({ type: z.literal('failed'), id, error: serializedErrorSchema }),
  z.strictObject({ type: z.literal('ports').describe('The first is the welcome'), ports: z.array(portSchema), added: z.array(portSchema) }),
  z.strictObject({ type: z.literal('bye').describe('The lab’s page goes away') }),
]);

export type ToLab = z.infer<typeof toLabSchema>;
export type ToWindow = z.infer<typeof toWindowSchema>;
