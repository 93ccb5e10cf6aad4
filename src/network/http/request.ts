/** The request of a client of ours: what a handler gets, and how it is read. */
import { HttpHeaders, readHeaders } from '../../shared/http/headers.ts';
import type { HttpInput } from '../../shared/http/input.ts';
import { HttpSyntaxError } from '../../shared/http/syntax-error.ts';

export interface HttpRequest {
  /** As sent: methods are case-sensitive. */
  readonly method: string;
  /** Path with query, as sent. */
  readonly target: string;
  /** The target's path, as sent: still percent-encoded. */
  readonly path: string;
  /** The target's query, decoded; of several values the last. */
  readonly query: ReadonlyMap<string, string>;
  readonly headers: HttpHeaders;
  /** To be read once, if at all. Rejects with HttpSyntaxError or ConnectionError. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Aborted once the client is gone. */
  readonly signal: AbortSignal;
}

export interface RequestHead extends Pick<HttpRequest, 'method' | 'target' | 'path' | 'query' | 'headers'> {
  /** 0 or 1: HTTP/1.0 or HTTP/1.1. */
  readonly minorVersion: number;
}

const maximumRequestLine = 8192;

/** The head of the next request; `undefined` when the client has ended. Raises HttpSyntaxError. */
export async function readRequestHead(input: HttpInput): Promise<RequestHead | undefined> {
  let line = await input.readLine(maximumRequestLine, 414);
  // Old clients send an empty line after a body (RFC 9112, 2.2).
  if (line === '') line = await input.readLine(maximumRequestLine, 414);
  if (line === null) return undefined;
  const match = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+) (\S+) HTTP\/([0-9])\.([0-9])$/.exec(line);
  if (match === null) throw new HttpSyntaxError('it does not start with a request line');
  const [, method = '', sent = '', major, minor] = match;
  if (major !== '1') throw new HttpSyntaxError(`HTTP/${major}.${minor} is not spoken here`, 505);
  const headers = await readHeaders(input);
  const minorVersion = minor === '0' ? 0 : 1;
  if (headers.all('host').length !== 1 && minorVersion === 1) throw new HttpSyntaxError('it must have one Host header');
  const target = sent.replace(/^https?:\/\/[^/?]*/i, '').replace(/^(?=\?|$)/, '/');
  if (!target.startsWith('/') && target !== '*') throw new HttpSyntaxError('its target is not a path');
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  return { method, target, path, query: parseQuery(mark < 0 ? '' : target.slice(mark + 1)), headers, minorVersion };
}

/** Host name the request is for, without port, in lower case; empty if it says none. */
export function requestedHost(headers: HttpHeaders): string {
  return (headers.get('host') ?? '').replace(/:[0-9]*$/, '').toLowerCase();
}

function parseQuery(text: string): ReadonlyMap<string, string> {
  const pairs = text.split('&').filter((pair) => pair !== '');
  return new Map(
    pairs.map((pair) => {
      const sign = pair.indexOf('=');
      return sign < 0 ? [decode(pair), ''] : [decode(pair.slice(0, sign)), decode(pair.slice(sign + 1))];
    }),
  );
}

function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
