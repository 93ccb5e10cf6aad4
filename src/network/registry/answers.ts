/** Answers of the distribution API, errors in the words of the registry that everybody runs. */
import type { HttpResponse } from '../http/response.ts';

const registryHeaders = { 'Docker-Distribution-Api-Version': 'registry/2.0' } as const;

/** Code to status and message: clients switch on the one, people read the other. */
const errors = {
  BLOB_UNKNOWN: [404, 'blob unknown to registry'],
  DIGEST_INVALID: [400, 'provided digest did not match uploaded content'],
  MANIFEST_UNKNOWN: [404, 'manifest unknown'],
  NAME_INVALID: [400, 'invalid repository name'],
  NAME_UNKNOWN: [404, 'repository name not known to registry'],
  PAGINATION_NUMBER_INVALID: [400, 'invalid number of results requested'],
  UNAUTHORIZED: [401, 'authentication required'],
  UNAVAILABLE: [503, 'service unavailable'],
  UNSUPPORTED: [405, 'The operation is unsupported.'],
} as const satisfies Record<string, readonly [number, string]>;

export type RegistryErrorCode = keyof typeof errors;

export function registryError(code: RegistryErrorCode, detail: unknown = null, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  const [status, message] = errors[code];
  return jsonAnswer({ errors: [{ code, message, detail }] }, { status, headers: { ...registryHeaders, ...headers } });
}

export function registryAnswer(data: unknown, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return jsonAnswer(data, { headers: { ...registryHeaders, ...headers } });
}

export function jsonAnswer(data: unknown, { status = 200, headers = {} }: { status?: number; headers?: Readonly<Record<string, string>> } = {}): HttpResponse {
  return { status, headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers }, body: `${JSON.stringify(data)}\n` };
}

/** Headers of a manifest or a blob. */
export function contentHeaders(digest: string, mediaType: string): Readonly<Record<string, string>> {
  return { ...registryHeaders, 'Content-Type': mediaType, 'Docker-Content-Digest': digest };
}
