/** What a request to a registry asks for, read from its path: for the lab's access log and for the checkers. */
import { z } from 'zod';

export const registryRequestKinds = ['greeting', 'token', 'manifest', 'blob', 'tags', 'catalog', 'search', 'upload', 'other'] as const;

export const registryRequestKindSchema = z
  .enum(registryRequestKinds)
  .describe('greeting: whether the API is spoken; token: a right to pull; manifest: what an image consists of; blob: a layer or a configuration');

export type RegistryRequestKind = (typeof registryRequestKinds)[number];

export interface RegistryRequest {
  readonly kind: RegistryRequestKind;
  /** The repository, with its namespace; what is searched for; empty if nothing is named. */
  readonly name: string;
  /** Tag or digest; empty if none is named. */
  readonly reference: string;
}

/** @param target path with query, as sent */
export function readRegistryRequest(target: string): RegistryRequest {
  const path = target.replace(/\?.*$/, '');
  const asked = (kind: RegistryRequestKind, name = '', reference = ''): RegistryRequest => ({ kind, name, reference });
  if (path === '/v2' || path === '/v2/') return asked('greeting');
  if (path === '/v2/_catalog') return asked('catalog');
  if (path === '/token') return asked('token', /^repository(?:\([^)]*\))?:([^:]+):/.exec(queryValue(target, 'scope'))?.[1]);
  if (/^\/v[12]\/search/.test(path)) return asked('search', queryValue(target, 'q'));
  const stored = /^\/blobs\/(sha256:[0-9a-f]{64})$/.exec(path);
  if (stored) return asked('blob', '', stored[1]);
  const [, uploadName] = /^\/v2\/(.+)\/blobs\/uploads\//.exec(path) ?? [];
  if (uploadName !== undefined) return asked('upload', uploadName);
  const [, name, part, reference] = /^\/v2\/(.+)\/(manifests|blobs|tags)\/([^/]+)$/.exec(path) ?? [];
  if (part === 'manifests') return asked('manifest', name, reference);
  if (part === 'blobs') return asked('blob', name, reference);
  return part === 'tags' ? asked('tags', name) : asked('other');
}

/** Decoded; empty if it is not there. */
function queryValue(target: string, name: string): string {
  const value = new RegExp(`[?&]${name}=([^&]*)`).exec(target)?.[1] ?? '';
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return value;
  }
}
