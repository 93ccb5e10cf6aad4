/** What a browser adds to HTTP: cookies, redirections, compression, its own headers. All of it for the machine's ports only. */
import { DrydockError } from '../../../shared/errors.ts';
import { isMachineHost, portOf, withoutFragment } from '../address.ts';
import { CookieJar } from './cookie-jar.ts';
import { decodeBody } from './decode.ts';
import { explainFault } from './faults.ts';
import type { PreviewNetwork } from './network.ts';
import { ConnectionPool, type PooledResponse } from './pool.ts';

export type HeaderList = readonly (readonly [name: string, value: string])[];

export interface FetchRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: HeaderList;
  readonly body?: Uint8Array | undefined;
  readonly redirect: 'follow' | 'manual' | 'error';
  /** Whether cookies are sent and taken. */
  readonly credentials: boolean;
  readonly mayBeSilent?: boolean;
}

export interface FetchResponse {
  /** Where the answer came from, after redirections; with the fragment. */
  readonly url: string;
  readonly redirected: boolean;
  readonly status: number;
  readonly reason: string;
  /** Without cookies, and without what concerned only the transport. */
  readonly headers: HeaderList;
  /** Decoded. To be read once. One that is not read keeps its connection for a while: `cancel` gives that up. Rejects with DrydockError. */
  readonly body: AsyncIterable<Uint8Array>;
  /** For who does not want the body, or the rest of it. Harmless once it is over. */
  cancel(): void;
}

/** As many as browsers follow. */
const maximumRedirects = 20;

const redirections = new Set([301, 302, 303, 307, 308]);
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);
/** What a page may not choose: it belongs to the transport or to the browser. */
const reserved = new Set(['host', 'connection', 'keep-alive', 'transfer-encoding', 'content-length', 'te', 'trailer', 'upgrade', 'accept-encoding', 'cookie', 'user-agent', 'expect', 'via', 'date']);
const transport = new Set(['set-cookie', 'content-encoding', 'content-length', 'transfer-encoding', 'connection', 'keep-alive']);

export interface FetcherOptions {
  readonly network: PreviewNetwork;
  readonly jar: CookieJar;
  /** Why a port refuses. */
  readonly refused: (port: number) => DrydockError;
  readonly userAgent: string;
  /** For `Accept-Language`. */
  readonly languages: readonly string[];
  /** Told of each request that is not only for reading. */
  readonly onUnsafe?: () => void;
}

export class PreviewFetcher {
  readonly #options: FetcherOptions;
  readonly #pool: ConnectionPool;

  constructor(options: FetcherOptions) {
    this.#options = options;
    this.#pool = new ConnectionPool(options.network);
  }

  /** Rejects with DrydockError, or with the signal's reason. */
  async fetch(request: FetchRequest, signal: AbortSignal): Promise<FetchResponse> {
    let { url, method, headers, body } = request;
    if (!safeMethods.has(method)) this.#options.onUnsafe?.();
    for (let count = 0; ; count++) {
      const address = machineUrl(url);
      const response = await this.#once(address, { ...request, method, headers, body }, signal);
      const target = redirections.has(response.status) ? locationOf(response.headers, url) : undefined;
      if (target === undefined || request.redirect === 'manual') return { ...response, url, redirected: count > 0 };
      await skipBody(response);
      if (request.redirect === 'error') throw new DrydockError('preview-redirect-loop', { address: target, count: 1 });
      if (count >= maximumRedirects) throw new DrydockError('preview-redirect-loop', { address: target, count: count + 1 });
      url = target;
      // As all browsers do: 303 always, 301 and 302 for POST.
      if ((response.status === 303 && method !== 'HEAD') || (response.status < 303 && method === 'POST')) {
        method = 'GET';
        body = undefined;
        headers = headers.filter(([name]) => !name.toLowerCase().startsWith('content-'));
      }
      if (new URL(url).origin !== address.origin) headers = headers.filter(([name]) => name.toLowerCase() !== 'authorization');
    }
  }

  /** Forgets connections, for example because the machine was reset. */
  disconnect(): void {
    this.#pool.clear();
  }

  async #once(url: URL, request: FetchRequest, signal: AbortSignal): Promise<Omit<FetchResponse, 'url' | 'redirected'>> {
    const { jar, refused } = this.#options;
    const port = portOf(url);
    const explain = (error: unknown): unknown => (signal.aborted ? signal.reason : explainFault(error, port, refused));
    try {
      const response = await this.#pool.request(
        port,
        {
          method: request.method,
          target: `${url.pathname}${url.search}`,
          headers: this.#headers(url, request),
          ...(request.body === undefined ? {} : { body: request.body }),
        },
        signal,
        { mayBeSilent: request.mayBeSilent ?? false },
      );
      if (request.credentials) for (const text of response.headers.all('set-cookie')) jar.set(url, text);
      return {
        status: response.status,
        reason: response.reason,
        headers: [...response.headers].filter(([name]) => !transport.has(name.toLowerCase())),
        body: explained(decoded(response), explain),
        cancel: () => response.cancel(),
      };
    } catch (error) {
      throw explain(error);
    }
  }

  #headers(url: URL, request: FetchRequest): [string, string][] {
    const given = request.headers.filter(([name]) => !reserved.has(name.toLowerCase()) && !/^(sec|proxy)-/i.test(name));
    const has = (wanted: string): boolean => given.some(([name]) => name.toLowerCase() === wanted);
    const cookies = request.credentials ? this.#options.jar.header(url) : undefined;
    return [
      ['Host', url.host],
      ['Connection', 'keep-alive'],
      ['User-Agent', this.#options.userAgent],
      ...(has('accept') ? [] : [['Accept', '*/*'] as [string, string]]),
      ['Accept-Encoding', 'gzip, deflate'],
      ...(has('accept-language') ? [] : [['Accept-Language', acceptLanguage(this.#options.languages)] as [string, string]]),
      ...given.map(([name, value]): [string, string] => [name, value]),
      ...(cookies === undefined ? [] : [['Cookie', cookies] as [string, string]]),
    ];
  }
}

/** Reads a URL that must lead into the machine by plain HTTP. Raises DD5108, DD5109 or DD5115. */
export function machineUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null) throw new DrydockError('preview-bad-address', { address: text });
  if (!isMachineHost(url.hostname)) throw new DrydockError('preview-outside', { address: url.origin === 'null' ? text : url.origin });
  if (url.protocol === 'https:' || url.protocol === 'wss:') throw new DrydockError('preview-no-tls', { address: url.href });
  if (url.protocol !== 'http:' && url.protocol !== 'ws:') throw new DrydockError('preview-bad-address', { address: text });
  return url;
}

/** Where a redirection leads; the fragment is kept unless it has its own. */
function locationOf(headers: HeaderList, base: string): string | undefined {
  const value = headers.find(([name]) => name.toLowerCase() === 'location')?.[1];
  const target = value === undefined ? null : URL.parse(value, withoutFragment(base));
  if (target === null) return undefined;
  if (target.hash === '') target.hash = new URL(base).hash;
  return target.href;
}

function acceptLanguage(languages: readonly string[]): string {
  return languages.slice(0, 5).map((language, index) => (index === 0 ? language : `${language};q=${(1 - index / 10).toFixed(1)}`)).join(', ') || '*';
}

/** Leaves a body after its beginning; the connection of one that has none is kept. Rejects as the body does. */
export async function skipBody({ body, cancel }: Pick<FetchResponse, 'body' | 'cancel'>): Promise<void> {
  try {
    for await (const _ of body) break;
  } finally {
    cancel();
  }
}

function decoded(response: PooledResponse): AsyncIterable<Uint8Array> {
  try {
    return decodeBody(response.body, response.headers.list('content-encoding'));
  } catch (error) {
    response.cancel();
    throw error;
  }
}

async function* explained(body: AsyncIterable<Uint8Array>, explain: (error: unknown) => unknown): AsyncGenerator<Uint8Array, void, void> {
  try {
    yield* body;
  } catch (error) {
    throw explain(error);
  }
}
