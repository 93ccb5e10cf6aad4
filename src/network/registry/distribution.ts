/**
 * The OCI distribution API, read-only: what `docker pull` speaks.
 *
 * The engine verifies every byte by its digest; here is only told what there is, and the bytes are passed on.
 */
import { concatBytes } from '../../shared/bytes.ts';
import type { RegistryRepository } from '../../shared/registry.ts';
import { resourceResponse } from '../http/range.ts';
import type { HttpRequest } from '../http/request.ts';
import type { HttpResponse } from '../http/response.ts';
import type { HttpHandler } from '../http/server.ts';
import { contentHeaders, registryAnswer, registryError } from './answers.ts';
import { blobBody, throttle } from './blob-body.ts';
import type { FetchBlob, RegistryContent } from './content.ts';
import type { AccessRule, Scope } from './tokens.ts';

export interface DistributionOptions {
  readonly content: RegistryContent;
  readonly fetchBlob: FetchBlob;
  readonly access: AccessRule;
  /** URL that a client is sent to for a blob; it is served here unless given. */
  readonly blobLocation?: (digest: string) => string;
  /** Of blobs; as fast as it goes unless given. */
  readonly bytesPerSecond?: number;
}

const blobType = 'application/octet-stream';
const indexType = 'application/vnd.oci.image.index.v1+json';
const maximumPage = 1000;
const name = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*';
const route = new RegExp(`^/v2/(${name})/(manifests|blobs|tags|referrers)/([^/]+)$`);
const upload = new RegExp(`^/v2/(${name})/blobs/uploads(?:/.*)?$`);
const digestForm = /^sha256:[0-9a-f]{64}$/;

export function distribution(options: DistributionOptions): HttpHandler {
  return async (request) => answer(options, request);
}

async function answer(options: DistributionOptions, request: HttpRequest): Promise<HttpResponse> {
  const { access, content } = options;
  const { path } = request;
  const reading = request.method === 'GET' || request.method === 'HEAD';
  if (path === '/v2/' || path === '/v2') return access(request) ?? (reading ? registryAnswer({}) : registryError('UNSUPPORTED'));
  if (path === '/v2/_catalog') {
    const scope: Scope = { type: 'registry', name: 'catalog', action: '*' };
    return access(request, scope) ?? (reading ? page(request, 'repositories', {}, content.repositories.map((repository) => repository.name)) : registryError('UNSUPPORTED'));
  }
  const [, uploadName] = upload.exec(path) ?? [];
  const [, routeName, kind, reference = ''] = route.exec(path) ?? [];
  const repositoryName = uploadName ?? routeName;
  if (repositoryName === undefined) return path.startsWith('/v2/') ? registryError('NAME_INVALID') : { status: 404, headers: { 'Content-Type': 'text/plain' }, body: '404 page not found\n' };
  const refusal = access(request, { type: 'repository', name: repositoryName, action: reading ? 'pull' : 'push' });
  if (refusal !== undefined) return refusal;
  if (!reading || uploadName !== undefined) return registryError('UNSUPPORTED');
  const repository = content.repository(repositoryName);
  if (repository === undefined) return registryError('NAME_UNKNOWN', { name: repositoryName });
  switch (kind) {
    case 'manifests':
      return manifest(options, request, repository, reference);
    case 'blobs':
      return blob(options, request, repository, reference);
    case 'tags':
      return reference === 'list' ? page(request, 'tags', { name: repository.name }, Object.keys(repository.tags)) : registryError('UNSUPPORTED');
    default:
      if (!digestForm.test(reference)) return registryError('DIGEST_INVALID', { digest: reference });
      return registryAnswer({ schemaVersion: 2, mediaType: indexType, manifests: [] }, { 'Content-Type': indexType });
  }
}

async function manifest(options: DistributionOptions, request: HttpRequest, repository: RegistryRepository, reference: string): Promise<HttpResponse> {
  const found = options.content.manifest(repository, reference);
  if (found === undefined) return registryError('MANIFEST_UNKNOWN', digestForm.test(reference) ? { Name: repository.name, Revision: reference } : { Tag: reference });
  const accepted = request.headers.list('accept').map((type) => type.replace(/;.*$/, ''));
  if (accepted.length > 0 && !accepted.some((type) => [found.mediaType, 'application/*', '*/*'].includes(type))) {
    return registryError('MANIFEST_UNKNOWN', { Tag: reference, type: found.mediaType });
  }
  const headers = { ...contentHeaders(found.digest, found.mediaType), ETag: `"${found.digest}"` };
  if (request.headers.get('if-none-match') === headers.ETag) return { status: 304, headers };
  if (request.method === 'HEAD') return { status: 200, headers, length: found.bytes, body: nothing() };
  try {
    const parts: Uint8Array[] = [];
    for await (const part of blobBody(options.fetchBlob, found.digest, { start: 0, end: found.bytes }, request.signal)) parts.push(part);
    return { status: 200, headers, body: concatBytes(parts) };
  } catch {
    return registryError('UNAVAILABLE');
  }
}

function blob(options: DistributionOptions, request: HttpRequest, repository: RegistryRepository, digest: string): HttpResponse {
  if (!digestForm.test(digest)) return registryError('DIGEST_INVALID', { digest });
  const bytes = options.content.blobBytes(repository, digest);
  if (bytes === undefined) return registryError('BLOB_UNKNOWN', { digest });
  if (options.blobLocation !== undefined && request.method === 'GET') {
    return { status: 307, headers: { ...contentHeaders(digest, blobType), Location: options.blobLocation(digest) } };
  }
  return blobResponse(options, request, digest, bytes);
}

/** Answers with the blob, or with the range of it that is asked for. */
export function blobResponse({ fetchBlob, bytesPerSecond }: Pick<DistributionOptions, 'fetchBlob' | 'bytesPerSecond'>, request: HttpRequest, digest: string, bytes: number): HttpResponse {
  return resourceResponse(request, {
    length: bytes,
    etag: `"${digest}"`,
    headers: contentHeaders(digest, blobType),
    open(range) {
      const body = blobBody(fetchBlob, digest, range, request.signal);
      return bytesPerSecond === undefined ? body : throttle(body, bytesPerSecond);
    },
  });
}

/** A sorted list, in pages if the client wants so: `n` items behind `last`. */
function page(request: HttpRequest, key: string, fields: Readonly<Record<string, string>>, items: readonly string[]): HttpResponse {
  const wanted = request.query.get('n');
  if (wanted !== undefined && (!/^[0-9]{1,6}$/.test(wanted) || Number(wanted) > maximumPage)) return registryError('PAGINATION_NUMBER_INVALID', { n: wanted });
  const last = request.query.get('last') ?? '';
  const rest = items.toSorted().filter((item) => item > last);
  const shown = wanted === undefined ? rest : rest.slice(0, Number(wanted));
  const end = shown.at(-1);
  const more = end !== undefined && shown.length < rest.length;
  return registryAnswer({ ...fields, [key]: shown }, more ? { Link: `<${request.path}?last=${encodeURIComponent(end)}&n=${wanted}>; rel="next"` } : {});
}

async function* nothing(): AsyncGenerator<Uint8Array, void, void> {
  // A HEAD is answered without a body.
}
