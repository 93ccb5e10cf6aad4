import { afterEach, describe, expect, it, vi } from 'vitest';
import { type HttpHandler, serveHttp } from '../../../network/http/server.ts';
import { connectionPair } from '../../../network/testing/pair.ts';
import { DrydockError } from '../../../shared/errors.ts';
import { ManualClock } from '../../../shared/testing/manual-clock.ts';
import { CookieJar } from '../net/cookie-jar.ts';
import { PreviewFetcher } from '../net/fetcher.ts';
import { servePage } from '../page-server.ts';
import { PageStore } from '../page-store.ts';
import { type Ask, Bridge } from './bridge.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  vi.unstubAllGlobals();
  for (const stop of stops.splice(0)) stop();
});

/** A frame's bridge, and a lab behind it with one service, whose time stands still: nothing is given up by itself. */
function frame(handler: HttpHandler) {
  const network = {
    connect: async () => {
      const [client, server] = connectionPair();
      serveHttp(handler)(server).catch(() => undefined);
      return client;
    },
    clock: new ManualClock(),
  };
  const refused = (port: number): DrydockError => new DrydockError('preview-nothing-published', { port });
  const jar = new CookieJar();
  const fetcher = new PreviewFetcher({ network, jar, refused, userAgent: 'Test/1', languages: [] });
  vi.stubGlobal('parent', {
    postMessage: (_hello: unknown, _origin: string, [lab, view]: MessagePort[]) => {
      if (lab !== undefined) stops.push(servePage(lab, 'http://localhost:8080/', { fetcher, jar, network, store: new PageStore(), refused }));
      view?.close();
    },
  });
  const bridge = new Bridge('http://localhost');
  const ask = (path: string, method = 'GET', signal?: AbortSignal) =>
    bridge.request({ url: `http://localhost:8080${path}`, method, headers: [], body: null, mode: 'cors', redirect: 'follow', credentials: 'omit', mayBeSilent: false } satisfies Ask, signal);
  return { ask };
}

const textOf = (body: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> => new Response(body).text();

describe('Bridge', () => {
  it('brings an answer', async () => {
    const { ask } = frame(async ({ method, target }) => ({ status: 201, headers: { 'X-A': 'b' }, body: `${method} ${target} ${'x'.repeat(1_000_000)}` }));
    const { status, headers, body } = await ask('/api');
    expect(status).toBe(201);
    expect(headers).toContainEqual(['X-A', 'b']);
    const text = await textOf(body);
    expect([text.slice(0, 9), text.length]).toEqual(['GET /api ', 1_000_009]);
  });

  it('has room for the next answer when six were not read', async () => {
    const { ask } = frame(async ({ target }) => ({ status: 200, body: `pong ${target}` }));
    const unread = [];
    for (let count = 0; count < 6; count++) unread.push(await ask(`/${count}`));
    expect(await textOf((await ask('/6')).body)).toBe('pong /6');
    // They may still be read later.
    expect(await Promise.all(unread.map(({ body }) => textOf(body)))).toEqual(['pong /0', 'pong /1', 'pong /2', 'pong /3', 'pong /4', 'pong /5']);
  });

  it.each([
    ['empty', 204, undefined],
    ['missing', 404, 'missing'],
    ['large', 200, 'x'.repeat(1_000_000)],
  ])('has room for the next answer when six were cancelled: %s', async (_, status, body) => {
    const { ask } = frame(async ({ target }) => (target === '/' ? { status: 200, body: 'ok' } : { status, ...(body !== undefined && { body }) }));
    for (let count = 0; count < 6; count++) await (await ask('/other', 'DELETE')).body.cancel();
    expect(await textOf((await ask('/')).body)).toBe('ok');
  });

  it('has room for the next answer when six were aborted', async () => {
    const { ask } = frame(({ target }) => (target === '/' ? Promise.resolve({ status: 200, body: 'ok' }) : new Promise(() => undefined)));
    const stop = new AbortController();
    const aborted = Array.from({ length: 6 }, () => ask('/hang', 'GET', stop.signal));
    const next = ask('/');
    stop.abort(new Error('enough'));
    for (const one of await Promise.allSettled(aborted)) expect(one).toMatchObject({ status: 'rejected', reason: { message: 'enough' } });
    expect(await textOf((await next).body)).toBe('ok');
  });
});
