import { describe, expect, it } from 'vitest';
import { ConnectionError } from '../../../network/connection.ts';
import type { HttpResponse } from '../../../network/http/response.ts';
import { type HttpHandler, serveHttp } from '../../../network/http/server.ts';
import { connectionPair } from '../../../network/testing/pair.ts';
import { decodeUtf8, encodeUtf8 } from '../../../shared/bytes.ts';
import type { Clock } from '../../../shared/clock.ts';
import { DrydockError } from '../../../shared/errors.ts';
import { PausableClock } from '../../../shared/pausable-clock.ts';
import { ManualClock } from '../../../shared/testing/manual-clock.ts';
import { CookieJar } from './cookie-jar.ts';
import { type FetchRequest, type FetchResponse, PreviewFetcher } from './fetcher.ts';

const never = new AbortController().signal;

/** A machine with services by port; counts connections. */
function machine(services: Record<number, HttpHandler>, clock?: Clock) {
  const counts = { connections: 0, broken: 0 };
  const told = { unsafe: 0 };
  const jar = new CookieJar();
  const fetcher = new PreviewFetcher({
    network: {
      async connect(port) {
        const handler = services[port];
        if (handler === undefined) throw new ConnectionError('refused', 'refused');
        counts.connections++;
        const [client, server] = connectionPair();
        serveHttp(handler)(server).catch(() => undefined).finally(() => counts.broken++);
        return client;
      },
      ...(clock && { clock }),
    },
    jar,
    refused: (port) => new DrydockError('preview-nothing-published', { port }),
    userAgent: 'Test/1',
    languages: ['zh-CN', 'en'],
    onUnsafe: () => told.unsafe++,
  });
  const get = (url: string, more: Partial<FetchRequest> = {}): Promise<FetchResponse> =>
    fetcher.fetch({ url, method: 'GET', headers: [], redirect: 'follow', credentials: true, ...more }, never);
  return { fetcher, get, jar, counts, told };
}

async function textOf(response: FetchResponse): Promise<string> {
  let text = '';
  for await (const piece of response.body) text += decodeUtf8(piece);
  return text;
}

const echo: HttpHandler = async ({ method, target, headers, body }) => {
  let text = '';
  for await (const piece of body) text += decodeUtf8(piece);
  return { status: 200, body: `${method} ${target} host=${headers.get('host')} cookie=${headers.get('cookie') ?? '-'} type=${headers.get('content-type') ?? '-'} ${text}` };
};

describe('PreviewFetcher', () => {
  it('tells of requests that are not only for reading', async () => {
    const { get, told } = machine({ 8080: echo });
    for (const method of ['GET', 'HEAD', 'OPTIONS']) await textOf(await get('http://localhost:8080/', { method }));
    expect(told.unsafe).toBe(0);
    for (const method of ['POST', 'DELETE']) await textOf(await get('http://localhost:8080/', { method }));
    expect(told.unsafe).toBe(2);
  });

  it('asks as a browser does, on one connection', async () => {
    const seen: string[] = [];
    const { get, counts } = machine({ 8080: async ({ headers }) => ({ status: 200, body: (seen.push([...headers].map(([name, value]) => `${name}: ${value}`).join('\n')), 'ok') }) });
    expect(await textOf(await get('http://localhost:8080/a?b#c'))).toBe('ok');
    expect(await textOf(await get('http://localhost:8080/', { headers: [['Cookie', 'forged=1'], ['X-Mine', 'yes'], ['Host', 'evil']] }))).toBe('ok');
    expect(counts.connections).toBe(1);
    expect(seen[0]).toContain('Host: localhost:8080\nConnection: keep-alive\nUser-Agent: Test/1');
    expect(seen[0]).toContain('Accept-Language: zh-CN, en;q=0.9');
    expect(seen[1]).toContain('X-Mine: yes');
    expect(seen[1]).not.toMatch(/forged|evil/);
  });

  it('follows redirections, with their cookies and the right method', async () => {
    const { get } = machine({
      8080: async (request) => {
        if (request.target === '/login') return { status: 302, headers: [['Location', 'home?x=1'], ['Set-Cookie', 'sid=7; HttpOnly']] };
        if (request.target === '/keep') return { status: 307, headers: { Location: 'http://127.0.0.1:9090/other' } };
        return echo(request);
      },
      9090: echo,
    });
    const body = encodeUtf8('a=1');
    const posted = { method: 'POST', body, headers: [['Content-Type', 'text/x']] as const };
    const home = await get('http://localhost:8080/login#top', posted);
    expect(home).toMatchObject({ url: 'http://localhost:8080/home?x=1#top', redirected: true, status: 200 });
    expect(await textOf(home)).toBe('GET /home?x=1 host=localhost:8080 cookie=sid=7 type=- ');
    expect(await textOf(await get('http://localhost:8080/keep', posted))).toBe('POST /other host=127.0.0.1:9090 cookie=- type=text/x a=1');
    expect(await get('http://localhost:8080/login', { redirect: 'manual' })).toMatchObject({ status: 302, redirected: false });
  });

  it('gives circles up', async () => {
    const { get } = machine({ 80: async () => ({ status: 301, headers: { Location: '/' } }) });
    await expect(get('http://localhost/')).rejects.toMatchObject({ kind: 'preview-redirect-loop' });
  });

  it('undoes compression, and tells damage', async () => {
    const plain = 'x'.repeat(200_000);
    const packed = new Uint8Array(await new Response(new Blob([plain]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer());
    const { get } = machine({
      80: async ({ target }) => ({ status: 200, headers: { 'Content-Encoding': target === '/br' ? 'br' : 'gzip' }, body: target === '/bad' ? 'no gzip' : packed }),
    });
    const response = await get('http://localhost/');
    expect(await textOf(response)).toBe(plain);
    expect(response.headers.map(([name]) => name)).not.toContain('Content-Encoding');
    await expect(get('http://localhost/bad').then(textOf)).rejects.toMatchObject({ kind: 'preview-not-http' });
    await expect(get('http://localhost/br')).rejects.toMatchObject({ kind: 'preview-not-http' });
  });

  it('refuses what is not on the machine, before anything is opened', async () => {
    const { get, counts } = machine({ 80: echo });
    await expect(get('http://example.org/')).rejects.toMatchObject({ kind: 'preview-outside' });
    await expect(get('https://localhost/')).rejects.toMatchObject({ kind: 'preview-no-tls' });
    await expect(get('file:///etc/passwd')).rejects.toMatchObject({ kind: 'preview-outside' });
    await expect(get('http://localhost:81/')).rejects.toMatchObject({ kind: 'preview-nothing-published', params: { port: 81 } });
    expect(counts.connections).toBe(0);
    const { get: redirected } = machine({ 80: async () => ({ status: 302, headers: { Location: 'http://192.168.1.1/' } }) });
    await expect(redirected('http://localhost/')).rejects.toMatchObject({ kind: 'preview-outside' });
  });

  it('opens six connections at most, and serves everybody in turn', async () => {
    let busy = 0;
    let most = 0;
    const { get, counts } = machine({
      80: async () => {
        most = Math.max(most, ++busy);
        await new Promise((resolve) => setTimeout(resolve, 1));
        busy--;
        return { status: 200, body: 'ok' };
      },
    });
    const texts = await Promise.all(Array.from({ length: 40 }, async () => textOf(await get('http://localhost/'))));
    expect(texts.every((text) => text === 'ok')).toBe(true);
    expect(most).toBeLessThanOrEqual(6);
    expect(counts.connections).toBeLessThanOrEqual(6);
  });

  it('asks again on a new connection when an idle one was closed', async () => {
    let closed = 0;
    const jar = new CookieJar();
    const fetcher = new PreviewFetcher({
      network: {
        async connect() {
          const [client, server] = connectionPair();
          serveHttp(async () => ({ status: 200, body: 'ok' }), { idleMilliseconds: 1 })(server).finally(() => closed++).catch(() => undefined);
          return client;
        },
      },
      jar, refused: (port) => new DrydockError('preview-nothing-published', { port }), userAgent: 'Test/1', languages: [],
    });
    const request: FetchRequest = { url: 'http://localhost/', method: 'GET', headers: [], redirect: 'follow', credentials: true };
    expect(await textOf(await fetcher.fetch(request, never))).toBe('ok');
    while (closed < 1) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await textOf(await fetcher.fetch(request, never))).toBe('ok');
  });

  it('is stopped by its signal, and lets the next one in', async () => {
    const stop = new AbortController();
    const { fetcher, get } = machine({ 80: ({ target }) => (target === '/hang' ? new Promise(() => undefined) : Promise.resolve({ status: 200, body: 'ok' })) });
    const hanging = Array.from({ length: 8 }, () => fetcher.fetch({ url: 'http://localhost/hang', method: 'GET', headers: [], redirect: 'follow', credentials: false }, stop.signal));
    const next = get('http://localhost/');
    setTimeout(() => stop.abort(new Error('enough')), 5);
    for (const one of await Promise.allSettled(hanging)) expect(one).toMatchObject({ status: 'rejected', reason: { message: 'enough' } });
    expect(await textOf(await next)).toBe('ok');
  });

  describe('with six answers that nobody reads', () => {
    const large = new Uint8Array(1 << 20);
    const packed = { 'Content-Encoding': 'gzip' };
    const answers: Record<string, HttpResponse> = {
      '/large': { status: 200, body: large }, '/missing': { status: 404, body: 'missing' }, '/none': { status: 204 }, '/packed': { status: 200, headers: packed, body: large },
    };
    const services: Record<number, HttpHandler> = { 80: async ({ target }) => answers[target] ?? { status: 200, body: 'ok' } };
    const request = (target: string): FetchRequest => ({ url: `http://localhost${target}`, method: 'GET', headers: [], redirect: 'follow', credentials: false });

    it.each(Object.keys(answers))('serves the next one when they are left: %s', async (target) => {
      const { get } = machine(services);
      for (const answer of await Promise.all(Array.from({ length: 6 }, () => get(`http://localhost${target}`)))) {
        answer.cancel();
        answer.cancel();
      }
      expect(await textOf(await get('http://localhost/'))).toBe('ok');
    });

    it.each(Object.keys(answers))('serves the next one when their requests are aborted: %s', async (target) => {
      const { fetcher, get } = machine(services);
      const stop = new AbortController();
      await Promise.all(Array.from({ length: 6 }, () => fetcher.fetch(request(target), stop.signal)));
      stop.abort();
      expect(await textOf(await get('http://localhost/'))).toBe('ok');
    });

    it('serves the next one at once when they have no bodies', async () => {
      const { get, counts } = machine(services, new ManualClock());
      for (let count = 0; count < 7; count++) expect((await get('http://localhost/none')).status).toBe(204);
      expect(counts.connections).toBe(1);
    });

    it('serves the next one when their compression is none it knows', async () => {
      const { get } = machine({ 80: async ({ target }) => (target === '/br' ? { status: 200, headers: { 'Content-Encoding': 'br' }, body: large } : { status: 200, body: 'ok' }) });
      for (let count = 0; count < 6; count++) await expect(get('http://localhost/br')).rejects.toMatchObject({ kind: 'preview-not-http' });
      expect(await textOf(await get('http://localhost/'))).toBe('ok');
    });

    it('gives them up when they are not read for long', async () => {
      const clock = new ManualClock();
      const { get, counts } = machine(services, clock);
      const [unread] = await Promise.all(Array.from({ length: 6 }, () => get('http://localhost/large')));
      const next = get('http://localhost/');
      await clock.advance(89_000);
      expect(counts).toEqual({ connections: 6, broken: 0 });
      expect(await textOf(await clock.until(next))).toBe('ok');
      await expect(unread && textOf(unread)).rejects.toMatchObject({ kind: 'preview-timed-out' });
    });

    it('serves the next one at another machine', async () => {
      const { fetcher, get, counts } = machine(services, new ManualClock());
      const unread = await Promise.all(Array.from({ length: 6 }, () => get('http://localhost/large')));
      fetcher.disconnect();
      expect(await textOf(await get('http://localhost/'))).toBe('ok');
      // What the former one still says is read, and its connections are not kept.
      for (const answer of unread) expect((await textOf(answer)).length).toBe(large.length);
      while (counts.broken < 6) await new Promise((resolve) => setTimeout(resolve, 1));
      expect(await textOf(await get('http://localhost/'))).toBe('ok');
      expect(counts).toEqual({ connections: 7, broken: 6 });
    });
  });

  it('says when all connections are taken for good', async () => {
    const clock = new ManualClock();
    const { get } = machine({ 80: async () => ({ status: 200, headers: { 'Content-Type': 'text/event-stream' }, body: silence() }) }, clock);
    const streams = await Promise.all(Array.from({ length: 6 }, () => get('http://localhost/', { mayBeSilent: true })));
    await expect(clock.until(get('http://localhost/'))).rejects.toMatchObject({ kind: 'preview-connections-taken', params: { port: 80, seconds: 120 } });
    const next = get('http://localhost/', { mayBeSilent: true });
    for (const stream of streams) stream.cancel();
    expect((await next).status).toBe(200);
  });

  it('waits for a machine that is paused', async () => {
    const world = new ManualClock();
    const clock = new PausableClock(world);
    const answer = Promise.withResolvers<HttpResponse>();
    const { get } = machine({ 80: () => answer.promise }, clock);
    const fetched = get('http://localhost/');
    await world.advance(60_000);
    clock.pause();
    await world.advance(3_600_000);
    clock.resume();
    await world.advance(29_000);
    answer.resolve({ status: 200, body: 'late' });
    expect(await textOf(await fetched)).toBe('late');
  });

  it('gives up a service that is silent', async () => {
    const clock = new ManualClock();
    const { get } = machine({ 80: () => new Promise(() => undefined) }, clock);
    await expect(clock.until(get('http://localhost/'))).rejects.toMatchObject({ kind: 'preview-timed-out' });
    expect(clock.now()).toBe(90_000);
  });
});

async function* silence(): AsyncGenerator<Uint8Array, void, void> {
  yield encodeUtf8(': hello\n\n');
  await new Promise(() => undefined);
}
