/** Parts of a resource (RFC 9110, 14): how an interrupted download goes on. One range at a time; of several, all is sent. */
import type { HeaderInit } from '../../shared/http/headers.ts';
import type { HttpRequest } from './request.ts';
import type { HttpResponse } from './response.ts';

/** Bytes from `start` up to, not including, `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface Resource {
  /** Bytes of the whole. */
  readonly length: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** With quotes; what `If-Range` is compared with. */
  readonly etag?: string;
  /** The bytes of a range. */
  open(range: ByteRange): AsyncIterable<Uint8Array>;
}

/** Answers a GET or HEAD of the resource, or of the range that is asked for. */
export function resourceResponse(request: HttpRequest, resource: Resource): HttpResponse {
  const { length, etag } = resource;
  const headers: HeaderInit = { ...resource.headers, 'Accept-Ranges': 'bytes', ...(etag !== undefined && { ETag: etag }) };
  const condition = request.headers.get('if-range');
  const applies = request.method === 'GET' && (condition === undefined || condition === etag);
  const range = applies ? parseRange(request.headers.get('range'), length) : undefined;
  if (range === 'unsatisfiable') return { status: 416, headers: { ...headers, 'Content-Range': `bytes */${length}` } };
  if (range === undefined) return { status: 200, headers, length, body: resource.open({ start: 0, end: length }) };
  const { start, end } = range;
  return { status: 206, headers: { ...headers, 'Content-Range': `bytes ${start}-${end - 1}/${length}` }, length: end - start, body: resource.open(range) };
}

/** `undefined` for a header that is to be ignored: none, another unit, several ranges, malformed. */
export function parseRange(header: string | undefined, length: number): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=\s*([0-9]{0,15})-([0-9]{0,15})\s*$/i.exec(header ?? '');
  if (match === null) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '') {
    if (last === '') return undefined;
    const count = Math.min(Number(last), length);
    return count === 0 ? 'unsatisfiable' : { start: length - count, end: length };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return undefined;
  if (start >= length) return 'unsatisfiable';
  return { start, end: last === '' ? length : Math.min(Number(last) + 1, length) };
}
