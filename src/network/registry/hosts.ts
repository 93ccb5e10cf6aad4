/**
 * The hosts that stand in for the public registry, under the names that the engine calls: registry, token server, index
 * and the store of the layers; and mirrors, which have the same content under names of their own.
 *
 * Layers come over plain http: decrypting them would cost the guest's 32-bit processor several times what unpacking them
 * does, and their digests protect them as well. The public registry sends clients to another host for them too.
 */
import type { RegistryIndex } from '../../shared/registry.ts';
import type { HostDeclaration } from '../connection.ts';
import type { HttpHandler } from '../http/server.ts';
import { serveHttp } from '../http/server.ts';
import type { Authority } from '../tls/authority.ts';
import { secured, toHttps, webPorts } from '../web-host.ts';
import { accessOf, type RegistryAccess } from './access-log.ts';
import { registryError } from './answers.ts';
import { certificateMaker } from './certificate-maker.ts';
import { RegistryContent, type FetchBlob } from './content.ts';
import { blobResponse, distribution } from './distribution.ts';
import { searchIndex } from './search.ts';
import { openToAll, TokenServer } from './tokens.ts';

export interface RegistryHostsOptions {
  readonly index: RegistryIndex;
  readonly fetchBlob: FetchBlob;
  readonly authority: Authority;
  /** Each request, once its answer is over. */
  readonly onAccess?: (access: RegistryAccess) => void;
}

/**
 * Where they are. The addresses are of a range for documentation (RFC 5737), which no real network has; the names of our
 * own are below a domain that cannot be registered (RFC 2606).
 */
export const registryPlaces = {
  registry: { name: 'registry-1.docker.io', address: '198.51.100.10' },
  tokens: { name: 'auth.docker.io', address: '198.51.100.11' },
  index: { name: 'index.docker.io', address: '198.51.100.12' },
  blobs: { name: 'blobs.drydock.example', address: '198.51.100.13' },
  fastMirror: { name: 'mirror.drydock.example', address: '198.51.100.14' },
  slowMirror: { name: 'slow-mirror.drydock.example', address: '198.51.100.15' },
  deadMirror: { name: 'dead-mirror.drydock.example', address: '198.51.100.16' },
  certificates: { name: 'certificates.drydock.example', address: '198.51.100.17' },
} as const;

/** Slow enough to be noticed with a layer of a few megabytes, fast enough to be waited for. */
const slowBytesPerSecond = 200_000;

export function registryHosts(options: RegistryHostsOptions): HostDeclaration[] {
  const { index, fetchBlob, onAccess } = options;
  const content = new RegistryContent(index);
  const tokens = new TokenServer(`https://${registryPlaces.tokens.name}/token`, (name) => content.repository(name) !== undefined);
  const listen = (place: Place, handlers: { readonly http?: HttpHandler; readonly https?: HttpHandler }): HostDeclaration => {
    const names = [place.name];
    const served = (handler: HttpHandler) => serveHttp(handler, { onExchange: (exchange) => onAccess?.(accessOf(exchange, names)) });
    const listeners = new Map<number, HostDeclaration['ports'] extends ReadonlyMap<number, infer Handler> ? Handler : never>();
    if (handlers.http !== undefined) listeners.set(webPorts.http, served(handlers.http));
    if (handlers.https !== undefined) listeners.set(webPorts.https, secured(options.authority, names, served(handlers.https)));
    return { names, address: place.address, ports: listeners };
  };
  const publicHost = (place: Place, handler: HttpHandler) => listen(place, { http: toHttps(place.name), https: handler });
  const mirror = (place: Place, bytesPerSecond?: number) => {
    const handler = distribution({ content, fetchBlob, access: openToAll, ...(bytesPerSecond !== undefined && { bytesPerSecond }) });
    return listen(place, { http: handler, https: handler });
  };
  const blobLocation = (digest: string) => `http://${registryPlaces.blobs.name}/blobs/${digest}`;
  return [
    publicHost(registryPlaces.registry, distribution({ content, fetchBlob, access: tokens.rule, blobLocation })),
    publicHost(registryPlaces.tokens, tokens.handler),
    publicHost(registryPlaces.index, searchIndex(content)),
    listen(registryPlaces.blobs, { http: blobStore(content, fetchBlob) }),
    mirror(registryPlaces.fastMirror),
    mirror(registryPlaces.slowMirror, slowBytesPerSecond),
    // It has an address, and nothing listens there.
    listen(registryPlaces.deadMirror, {}),
    { names: [registryPlaces.certificates.name], address: registryPlaces.certificates.address, ports: new Map([[webPorts.http, serveHttp(certificateMaker())]]) },
  ];
}

interface Place {
  readonly name: string;
  readonly address: string;
}

/** Every blob, for whoever knows its digest. */
function blobStore(content: RegistryContent, fetchBlob: FetchBlob): HttpHandler {
  return async (request) => {
    const digest = /^\/blobs\/(sha256:[0-9a-f]{64})$/.exec(request.path)?.[1] ?? '';
    const bytes = content.anyBlobBytes(digest);
    if (bytes === undefined) return registryError('BLOB_UNKNOWN', { digest });
    if (request.method !== 'GET' && request.method !== 'HEAD') return registryError('UNSUPPORTED');
    return blobResponse({ fetchBlob }, request, digest, bytes);
  };
}
