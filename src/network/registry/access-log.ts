/** What the registry's hosts tell the lab: each request, as a line of a server's access log. */
import { z } from 'zod';
import { requestedHost } from '../http/request.ts';
import type { HttpExchange } from '../http/server.ts';

export const registryAccessSchema = z
  .strictObject({
    time: z.int().nonnegative().describe('When the answer was over, in milliseconds since 1970'),
    host: z.string().describe('Name of the host that answered, as the client called it'),
    method: z.string(),
    path: z.string().describe('With query'),
    status: z.int().describe('HTTP status of the answer'),
    bytes: z.int().nonnegative().describe("Of the answer's body, as far as they were sent"),
    complete: z.boolean().describe('Whether all of the answer was sent'),
  })
  .describe('One request to a registry host');

export type RegistryAccess = z.infer<typeof registryAccessSchema>;

/** @param names of the host, its own first */
export function accessOf({ request, status, bytes, complete }: HttpExchange, names: readonly string[]): RegistryAccess {
  const asked = requestedHost(request.headers);
  const host = names.includes(asked) ? asked : (names[0] ?? asked);
  return { time: Date.now(), host, method: request.method, path: request.target, status, bytes, complete };
}
