/** What a request to a registry asked for, and what came of it, in words. */
import type { RegistryAccess } from '../../../network/registry/access-log.ts';
import { fillTemplate } from '../../../shared/locale.ts';
import { readRegistryRequest } from '../../../shared/registry-request.ts';
import type { Strings } from '../../page-data.ts';

/** Such as “Layer or configuration of library/nginx, 18e46a8…”. */
export function askedInWords(path: string, strings: Strings): string {
  const { kind, name, reference } = readRegistryRequest(path);
  const values = { name, reference: shortened(reference) };
  switch (kind) {
    case 'greeting':
      return strings.accessGreeting;
    case 'token':
      return name === '' ? strings.accessLogin : fillTemplate(strings.accessToken, values);
    case 'manifest':
      return fillTemplate(strings.accessManifest, values);
    case 'blob':
      return fillTemplate(name === '' ? strings.accessStoredBlob : strings.accessBlob, values);
    case 'tags':
      return fillTemplate(strings.accessTags, values);
    case 'catalog':
      return strings.accessCatalog;
    case 'search':
      return fillTemplate(strings.accessSearch, values);
    case 'upload':
      return fillTemplate(strings.accessUpload, values);
    case 'other':
      return strings.accessOther;
  }
}

/** What the status means to a learner; empty where the number says it all. */
export function outcomeInWords({ status, complete, method }: Pick<RegistryAccess, 'status' | 'complete' | 'method'>, strings: Strings): string {
  if (!complete) return strings.accessCut;
  if (status === 401) return strings.accessNeedsToken;
  if (status === 206) return strings.accessPart;
  if (status >= 300 && status < 400 && status !== 304) return strings.accessElsewhere;
  if (status === 404) return strings.accessUnknown;
  return method === 'HEAD' && status < 300 ? strings.accessHeadOnly : '';
}

/** Bytes of layers and configurations by the host that sent them, the most first. */
export function servedBytes(accesses: Iterable<RegistryAccess>): [host: string, bytes: number][] {
  const sums = new Map<string, number>();
  for (const { host, path, status, bytes } of accesses) {
    if (status < 300 && readRegistryRequest(path).kind === 'blob') sums.set(host, (sums.get(host) ?? 0) + bytes);
  }
  return [...sums].filter(([, bytes]) => bytes > 0).sort(([, one], [, other]) => other - one);
}

function shortened(reference: string): string {
  return reference.replace(/^sha256:([0-9a-f]{12})[0-9a-f]+$/, '$1…');
}
