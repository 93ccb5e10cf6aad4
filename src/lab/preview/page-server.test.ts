import { afterEach, describe, expect, it } from 'vitest';
import { ConnectionError } from '../../network/connection.ts';
import { type HttpHandler, serveHttp } from '../../network/http/server.ts';
import { connectionPair } from '../../network/testing/pair.ts';
import { DrydockError } from '../../shared/errors.ts';
import { CookieJar } from './net/cookie-jar.ts';
import { PreviewFetcher } from './net/fetcher.ts';
import { servePage } from './page-server.ts';
import { PageStore } from './page-store.ts';
import type { FromNetwork, ToNetwork } from './protocol.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** The frame's end of a line to a lab with services by port. */
function frame(services: Record<number, HttpHandler>) {
  const network = {
    async connect(port: number) {
      const handler = services[port];
      if (handler === undefined) throw new ConnectionError('refused', 'refused');
      const [client, server] = connectionPair();
      serveHttp(handler)(server).catch(() => undefined);
      return client;
    },
  };
  const jar = new CookieJar();
  const store = new PageStore();
  const refused = (port: number): DrydockError => new DrydockError('preview-nothing-published', { port });
  const fetcher = new PreviewFetcher({ network, jar, refused, userAgent: 'Test/1', languages: [] });
  const { port1, port2 } = new MessageChannel();
  const stop = servePage(port2, 'http://localhost:8080/shop/#top', { fetcher, jar, network, store, refused });
  stops.push(stop, () => port1.close());
  const heard: FromNetwork[] = [];
  const waiting: (() => void)[] = [];
  port1.onmessage = ({ data }: MessageEvent<FromNetwork>) => {
    heard.push(data);
    for (const wake of waiting.splice(0)) wake();
  };
  const next = async <T extends FromNetwork['type']>(type: T): Promise<Extract<FromNetwork, { type: T }>> => {
    for (;;) {
      const index = heard.findIndex((message) => message.type === type);
      if (index >= 0) return heard.splice(index, 1)[0] as Extract<FromNetwork, { type: T }>;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };
  const ask = (url: string, more: Partial<Extract<ToNetwork, { type: 'request' }>> = {}): void =>
    port1.postMessage({ type: 'request', id: 1, url, method: 'GET', headers: [], body: null, mode: 'cors', redirect: 'follow', credentials: 'same-origin', mayBeSilent: false, ...more } satisfies ToNetwork);
  return { port: port1, heard, next, ask, stop, jar, store };
}

const text = (bytes: ArrayBuffer): string => new TextDecoder().decode(bytes);

describe('servePage', () => {
  it('brings an answer piece by piece, as it is asked for', async () => {
    const { port, next, ask, heard } = frame({ 8080: async ({ headers }) => ({ status: 201, headers: { 'X-A': 'b', 'Set-Cookie': 'sid=1' }, body: `from ${headers.get('referer')}` }) });
    ask('http://localhost:8080/api');
    expect(await next('head')).toMatchObject({ id: 1, status: 201, url: 'http://localhost:8080/api', opaque: false });
    expect((await next('cookies')).text).toBe('sid=1');
    expect(heard).toEqual([]);
    port.postMessage({ type: 'pull', id: 1 });
    expect(text((await next('chunk')).bytes)).toBe('from http://localhost:8080/shop/');
    port.postMessage({ type: 'pull', id: 1 });
    expect((await next('end')).id).toBe(1);
  });

  it('applies the rules of origins between ports', async () => {
    const seen: string[] = [];
    const { next, ask } = frame({
      9090: async ({ method, target, headers }) => {
        seen.push(`${method} ${target} ${headers.get('origin')}`);
        const allowed = target.startsWith('/open') ? { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Methods': 'PUT' } : undefined;
        return { status: 200, ...(allowed === undefined ? {} : { headers: allowed }), body: 'secret' };
      },
    });
    ask('http://localhost:9090/closed');
    expect((await next('failed')).message).toContain('CORS: the answer has no Access-Control-Allow-Origin');
    ask('http://localhost:9090/closed', { mode: 'no-cors' });
    expect((await next('head')).opaque).toBe(true);
    ask('http://localhost:9090/open', { id: 2, method: 'PUT' });
    expect((await next('head')).opaque).toBe(false);
    ask('http://localhost:9090/closed', { id: 3, method: 'PUT' });
    expect((await next('failed')).message).toContain('CORS');
    expect(seen).toEqual(['GET /closed http://localhost:8080', 'GET /closed undefined', 'OPTIONS /open http://localhost:8080', 'PUT /open http://localhost:8080', 'OPTIONS /closed http://localhost:8080']);
  });

  it('says what cannot be reached', async () => {
    const { next, ask, port } = frame({});
    ask('http://localhost:8080/');
    expect((await next('failed')).message).toContain('no running container publishes port 8080');
    ask('http://192.168.1.1/');
    expect((await next('failed')).message).toContain('somewhere on the Internet');
    port.postMessage({ type: 'socket', id: 5, url: 'ws://192.168.1.1/', protocols: [] });
    expect(await next('socketClosed')).toMatchObject({ id: 5, code: 1006, clean: false });
  });

  it('keeps cookies and storage of the page', async () => {
    const { port, next, jar, store } = frame({});
    port.postMessage({ type: 'cookie', text: 'mine=1; HttpOnly' });
    port.postMessage({ type: 'cookie', text: 'mine=2; Path=/' });
    expect((await next('cookies')).text).toBe('mine=2');
    port.postMessage({ type: 'store', key: 'a', value: 'b' });
    port.postMessage({ type: 'store', key: 'huge', value: 'x'.repeat(6_000_000) });
    port.postMessage({ type: 'cookie', text: 'last=1; Path=/' });
    await next('cookies');
    expect(jar.visible(new URL('http://localhost:8080/'))).toBe('mine=2; last=1');
    expect(store.entries('http://localhost:8080')).toEqual([['a', 'b']]);
  });

  it('takes no notice of nonsense', async () => {
    const { port, next, ask, heard } = frame({ 8080: async () => ({ status: 200, body: 'ok' }) });
    for (const nonsense of [null, 7, {}, { type: 'request' }, { type: 'pull', id: -1 }, { type: 'request', id: 1, url: 'x', method: 'GET / HTTP/1.1\r\n', headers: [], body: null, mode: 'cors', redirect: 'follow', credentials: 'omit', mayBeSilent: false }]) port.postMessage(nonsense);
    ask('http://localhost:8080/', { headers: [['Bad Name', 'x']] });
    expect((await next('failed')).id).toBe(1);
    ask('http://localhost:8080/');
    expect((await next('head')).status).toBe(200);
    expect(heard).toEqual([]);
  });

  it('stops everything at the end', async () => {
    let gone = false;
    const { ask, stop, port } = frame({
      8080: ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => { gone = true; reject(new Error('gone')); })),
    });
    ask('http://localhost:8080/hang');
    await new Promise((resolve) => setTimeout(resolve, 20));
    stop();
    while (!gone) await new Promise((resolve) => setTimeout(resolve, 1));
    port.close();
  });
});
