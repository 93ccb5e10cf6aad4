/** What the page's hosts that speak HTTP have in common: their ports, and how they are protected. */
import type { HttpHandler } from './http/server.ts';
import type { ConnectionHandler } from './connection.ts';
import type { Authority } from './tls/authority.ts';
import { serveTls } from './tls/server.ts';

export const webPorts = { http: 80, https: 443 } as const;

/** Serves the names, and whoever asks for none, over TLS; the authority vouches for them. */
export function secured(authority: Authority, names: readonly string[], handler: ConnectionHandler): ConnectionHandler {
  const certificateFor = (asked: string | undefined) => (asked === undefined || names.includes(asked) ? authority.certificateFor(names) : undefined);
  return serveTls({ certificateFor, protocols: ['http/1.1'] }, handler);
}

/** Sends clients of plain http on. */
export function toHttps(name: string): HttpHandler {
  return async ({ target }) => ({ status: 301, headers: { Location: `https://${name}${target}` } });
}
