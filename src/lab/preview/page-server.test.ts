import { afterEach, describe, expect, it } from 'vitest';
import { ConnectionError, type ConnectionHandler } from '../../network/connection.ts';
import { type HttpHandler, serveHttp } from '../../network/http/server.ts';
import { connectionPair } from '../../network/testing/pair.ts';
import { receiveAll, receiveUntil, send } from '../../network/testing/text.ts';
import { type Clock, systemClock } from '../../shared/clock.ts';
import { DrydockError } from '../../shared/errors.ts';
import { ManualClock } from '../../shared/testing/manual-clock.ts';
import { CookieJar } from './net/cookie-jar.ts';
import { acceptFor } from './net/websocket.ts';
import { PreviewFetcher } from './net/fetcher.ts';
import { servePage } from './page-server.ts';
import { PageStore } from './page-store.ts';
import type { FromNetwork, ToNetwork } from './protocol.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** The frame's end of a line to a lab with services by port. */
function frame(services: Record<number, HttpHandler>, { raw = {}, clock = systemClock }: { raw?: Record<number, ConnectionHandler>; clock?: Clock } = {}) {
  const network = {
    async connect(port: number) {
      const http = services[port];
      const handler = raw[port] ?? (http && serveHttp(http));
      if (handler === undefined) throw new ConnectionError('refused', 'refused');
      const [client, server] = connectionPair();
      handler(server).catch(() => undefined);
      return client;
    },
    clock,
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

  it('needs no reading of the answers that a page cancels', async () => {
    const { next, ask, port } = frame({ 8080: async ({ target }) => (target === '/' ? { status: 200, body: 'ok' } : { status: 404, body: new Uint8Array(1 << 20) }) });
    for (let id = 1; id <= 6; id++) ask('http://localhost:8080/missing', { id });
    for (let id = 1; id <= 6; id++) expect((await next('head')).status).toBe(404);
    for (let id = 1; id <= 6; id++) port.postMessage({ type: 'cancel', id });
    ask('http://localhost:8080/', { id: 7 });
    expect(await next('head')).toMatchObject({ id: 7, status: 200 });
  });

  it('refuses what a page asks too much, and does not keep it waiting', async () => {
    const { next, ask, port } = frame({ 8080: () => new Promise(() => undefined) });
    for (let id = 1; id <= 501; id++) ask('http://localhost:8080/', { id });
    expect(await next('failed')).toMatchObject({ id: 501, message: expect.stringContaining('500 requests under way') });
    port.postMessage({ type: 'cancel', id: 500 });
    ask('http://localhost:8080/', { id: 502 });
    ask('http://localhost:8080/', { id: 503 });
    expect((await next('failed')).id).toBe(503);
  });

  describe('with a socket', () => {
    const answerTo = (request: string): string => `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptFor(/Sec-WebSocket-Key: (\S+)/.exec(request)?.[1] ?? '')}\r\n\r\n`;

    /** A service that has the beginning of a handshake, answers it when it is let, and notes that it was left. */
    function shaking(clock?: Clock) {
      const asked = Promise.withResolvers<void>();
      const answer = Promise.withResolvers<void>();
      const left = Promise.withResolvers<string>();
      const raw: ConnectionHandler = async (connection) => {
        const request = await receiveUntil(connection, '\r\n\r\n');
        asked.resolve();
        receiveAll(connection).then(() => left.resolve('ended'), () => left.resolve('broken off'));
        await answer.promise;
        await send(connection, answerTo(request));
      };
      const lab = frame({}, { raw: { 8080: raw }, ...(clock && { clock }) });
      lab.port.postMessage({ type: 'socket', id: 9, url: 'ws://localhost:8080/live', protocols: [] });
      return { ...lab, asked: asked.promise, answer: answer.resolve, left: left.promise };
    }

    it('opens it', async () => {
      const { next, asked, answer } = shaking();
      await asked;
      answer();
      expect((await next('socketOpen')).id).toBe(9);
    });

    it('gives one up that is closed before it is open', async () => {
      const { next, asked, answer, left, port, heard } = shaking();
      await asked;
      port.postMessage({ type: 'socketClose', id: 9, code: 1000 });
      expect(await next('socketClosed')).toMatchObject({ id: 9, code: 1006, clean: false });
      expect(await left).toBe('broken off');
      answer();
      port.postMessage({ type: 'cookie', text: 'later=1; Path=/' });
      await next('cookies');
      expect(heard).toEqual([]);
    });

    it('gives one up whose service does not answer', async () => {
      const clock = new ManualClock();
      const { next, asked, left } = shaking(clock);
      await asked;
      await clock.advance(89_000);
      expect(clock.timers).toBe(1);
      await clock.advance(1000);
      expect(await next('socketClosed')).toMatchObject({ id: 9, code: 1006, clean: false, reason: expect.stringContaining('sent nothing for 90 seconds') });
      expect(await left).toBe('broken off');
    });

    it('lets one be silent that is open', async () => {
      const clock = new ManualClock();
      const { next, asked, answer } = shaking(clock);
      await asked;
      answer();
      await next('socketOpen');
      expect(clock.timers).toBe(0);
    });
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
