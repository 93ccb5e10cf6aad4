/** Which answers of another port a page may read: the rules that the learner's own browser would apply (Fetch, 4.8 and 4.9). */
import type { FetchResponse, HeaderList } from './fetcher.ts';

export interface CorsRequest {
  readonly method: string;
  readonly headers: HeaderList;
  readonly credentials: 'omit' | 'same-origin' | 'include';
}

const simpleMethods = new Set(['GET', 'HEAD', 'POST']);
const simpleHeaders = new Set(['accept', 'accept-language', 'content-language', 'range']);
const simpleTypes = new Set(['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']);
const readableHeaders = new Set(['cache-control', 'content-language', 'content-type', 'expires', 'last-modified', 'pragma', 'content-length']);

/** Names, in lower case and in order, of the headers for which the server must be asked first. */
export function unsafeHeaders(headers: HeaderList): string[] {
  const names = headers.flatMap(([name, value]) => {
    const key = name.toLowerCase();
    if (simpleHeaders.has(key) || (key === 'content-type' && simpleTypes.has((value.split(';')[0] ?? '').trim().toLowerCase()))) return [];
    return [key];
  });
  return [...new Set(names)].toSorted();
}

/** Whether the server must be asked before the request itself is sent. */
export function needsPreflight({ method, headers }: CorsRequest): boolean {
  return !simpleMethods.has(method) || unsafeHeaders(headers).length > 0;
}

/** What is wrong with an answer to a preflight; `undefined` if the request may be sent. */
export function preflightFault(response: Pick<FetchResponse, 'status' | 'headers'>, origin: string, request: CorsRequest): string | undefined {
  if (response.status < 200 || response.status > 299) return `the server answered the preflight request with status ${response.status}`;
  const fault = answerFault(response, origin, request);
  if (fault !== undefined) return fault;
  const withCredentials = request.credentials === 'include';
  const methods = listOf(response.headers, 'access-control-allow-methods');
  const allowed = simpleMethods.has(request.method) || methods.includes(request.method.toLowerCase()) || (methods.includes('*') && !withCredentials);
  if (!allowed) return `Access-Control-Allow-Methods does not name ${request.method}`;
  const names = listOf(response.headers, 'access-control-allow-headers');
  const missing = unsafeHeaders(request.headers).find((name) => !names.includes(name) && !(names.includes('*') && !withCredentials && name !== 'authorization'));
  return missing === undefined ? undefined : `Access-Control-Allow-Headers does not name ${missing}`;
}

/** Why a page of the origin may not read an answer; `undefined` if it may. */
export function answerFault(response: Pick<FetchResponse, 'headers'>, origin: string, { credentials }: Pick<CorsRequest, 'credentials'>): string | undefined {
  const allowed = valueOf(response.headers, 'access-control-allow-origin');
  if (allowed === undefined) return 'the answer has no Access-Control-Allow-Origin header';
  if (allowed !== origin && (allowed !== '*' || credentials === 'include')) return `Access-Control-Allow-Origin is “${allowed}”, not ${origin}`;
  if (credentials === 'include' && valueOf(response.headers, 'access-control-allow-credentials') !== 'true') return 'Access-Control-Allow-Credentials is not “true”';
  return undefined;
}

/** The headers of another origin's answer that a page may see. */
export function exposedHeaders(headers: HeaderList, credentials: CorsRequest['credentials']): HeaderList {
  const named = listOf(headers, 'access-control-expose-headers');
  const all = named.includes('*') && credentials !== 'include';
  return headers.filter(([name]) => all || readableHeaders.has(name.toLowerCase()) || named.includes(name.toLowerCase()));
}

function valueOf(headers: HeaderList, wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1].trim();
}

function listOf(headers: HeaderList, wanted: string): string[] {
  return headers.filter(([name]) => name.toLowerCase() === wanted).flatMap(([, value]) => value.split(',')).map((value) => value.trim().toLowerCase()).filter((value) => value !== '');
}
