import { afterEach, describe, expect, it, vi } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../../shared/bytes.ts';
import type { Connection } from '../connection.ts';
import { connectionPair, type PairOptions } from '../testing/pair.ts';
import { receiveAll, receiveUntil, send } from '../testing/text.ts';
import { serveHttp, type HttpExchange, type HttpHandler, type HttpServerOptions } from './server.ts';

const hello: HttpHandler = async ({ method, path }) => ({ status: 200, headers: { 'Content-Type': 'text/plain' }, body: `${method} ${path}` });

/** Echoes the body. */
const echo: HttpHandler = async ({ body }) => {
  let text = '';
  for await (const piece of body) text += decodeUtf8(piece);
  return { status: 200, body: text };
};

function start(handler: HttpHandler, options: HttpServerOptions & PairOptions = {}): { client: Connection; served: Promise<unknown> } {
  const [client, server] = connectionPair(options);
  return { client, served: serveHttp(handler, options)(server).catch((error: unknown) => error) };
}

/** Sends the text, ends, and returns all that is answered, without dates. */
async function ask(handler: HttpHandler, text: string, options: HttpServerOptions & PairOptions = {}): Promise<string> {
  const { client } = start(handler, options);
  await send(client, text);
  await client.end();
  return (await receiveAll(client)).replace(/Date: .*\r\n/g, '');
}

describe('serveHttp', () => {
  it('answers', async () => {
    expect(await ask(hello, 'GET /a?b HTTP/1.1\r\nHost: x\r\n\r\n')).toBe('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nGET /a');
  });

  it('answers requests that were sent at once one after the other, however they arrive', async () => {
    const answer = await ask(hello, 'GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n', { maximumRead: 1 });
    expect(answer.match(/GET \/\d/g)).toEqual(['GET /1', 'GET /2']);
  });

  it('tells the handler path, query and headers', async () => {
    let seen: unknown;
    await ask(async ({ path, query, target, headers }) => {
      seen = { path, query: [...query], target, accept: headers.get('Accept') };
      return { status: 204 };
    }, 'GET http://host/v1/search?q=a%20b+c&n=5&x HTTP/1.1\r\nHost: x\r\naccept: one\r\nAccept: two\r\n\r\n');
    expect(seen).toEqual({ path: '/v1/search', target: '/v1/search?q=a%20b+c&n=5&x', query: [['q', 'a b c'], ['n', '5'], ['x', '']], accept: 'one, two' });
  });

  it('reads bodies with a length and in chunks', async () => {
    expect(await ask(echo, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello')).toMatch(/\r\n\r\nhello$/);
    expect(await ask(echo, 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nTrailer: t\r\n\r\n', { maximumRead: 2 })).toMatch(/\r\n\r\nhello$/);
  });

  it('sends no body for HEAD, but its length, and does not open it', async () => {
    let opened = false;
    async function* body() {
      opened = true;
      yield new Uint8Array(3);
    }
    expect(await ask(async () => ({ status: 200, body: body(), length: 3 }), 'HEAD / HTTP/1.1\r\nHost: x\r\n\r\n')).toBe('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n');
    expect(opened).toBe(false);
  });

  it('streams in chunks what has no known length, and until the end to HTTP/1.0', async () => {
    async function* body() {
      yield encodeUtf8('hel');
      yield new Uint8Array(0);
      yield encodeUtf8('lo');
    }
    const handler: HttpHandler = async () => ({ status: 200, body: body() });
    expect(await ask(handler, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n')).toMatch(/Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n$/);
    expect(await ask(handler, 'GET / HTTP/1.0\r\n\r\n')).toMatch(/Connection: close\r\n\r\nhello$/);
  });

  it('asks for a body only when the handler wants it', async () => {
    const { client } = start(echo);
    await send(client, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n');
    await receiveUntil(client, 'HTTP/1.1 100 Continue\r\n\r\n');
    await send(client, 'ok');
    await receiveUntil(client, '\r\n\r\nok');

    const refused = await ask(async () => ({ status: 403 }), 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n');
    expect(refused).toMatch(/^HTTP\/1\.1 403 [^]*Connection: close/);
  });

  it('skips a small body that nobody read, and ends the connection behind a large one', async () => {
    const small = await ask(hello, `POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcGET /2 HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(small).toContain('GET /2');
    const large = await ask(hello, `POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n${'x'.repeat(100_000)}`, { capacity: 1 << 20 });
    expect(large).toMatch(/Connection: close\r\n\r\nPOST \/1$/);
  });

  it.each([
    ['nonsense\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\n\r\n', 400],
    ['GET x HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['GET / HTTP/2.0\r\nHost: x\r\n\r\n', 505],
    ['GET / HTTP/1.1\r\nHost: x\r\nbroken\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nHost : x\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n', 400],
    ['POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n', 400],
    ['POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
    ['POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n', 501],
    ['POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 400],
    ['POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n', 413],
    ['POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf', 400],
    [`GET /${'x'.repeat(9000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 414],
    [`GET / HTTP/1.1\r\nHost: x\r\n${'a: b\r\n'.repeat(300)}\r\n`, 431],
  ])('refuses %j with %i', async (text, status) => {
    expect(await ask(echo, text)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*Connection: close`));
  });

  it('answers a handler that fails with 500, and goes on', async () => {
    let first = true;
    const handler: HttpHandler = async (request) => {
      if (!first) return hello(request);
      first = false;
      throw new Error('inside');
    };
    const answer = await ask(handler, 'GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 500 [^]*GET \/2$/);
    expect(answer).not.toContain('inside');
  });

  it('breaks off when a body fails, so that the client does not take a part for the whole', async () => {
    async function* body() {
      yield encodeUtf8('part');
      throw new Error('lost');
    }
    const exchanges: HttpExchange[] = [];
    const { client, served } = start(async () => ({ status: 200, body: body(), length: 10 }), { onExchange: (exchange) => exchanges.push(exchange) });
    await send(client, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await expect(receiveAll(client)).rejects.toMatchObject({ fault: 'reset' });
    expect(await served).toMatchObject({ message: 'lost' });
    expect(exchanges).toMatchObject([{ status: 200, bytes: 4, complete: false }]);
  });

  it('holds a body back while the client does not read, and stops it when the client is gone', async () => {
    let produced = 0;
    let closed = false;
    async function* body() {
      try {
        for (;;) yield new Uint8Array((produced += 1000) && 1000);
      } finally {
        closed = true;
      }
    }
    const { client, served } = start(async () => ({ status: 200, body: body() }), { capacity: 4000 });
    await send(client, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await receiveUntil(client, '\r\n\r\n');
    await new Promise<void>((resolve) => void setTimeout(resolve, 20));
    expect(produced).toBeLessThan(10_000);
    client.abort();
    expect(await served).toMatchObject({ fault: 'reset' });
    expect(closed).toBe(true);
  });

  it('tells a handler that works on an answer when the client is gone', async () => {
    const asked = Promise.withResolvers<AbortSignal>();
    const { client } = start(async ({ signal }) => {
      asked.resolve(signal);
      await new Promise<void>((resolve) => signal.addEventListener('abort', resolve));
      return { status: 200 };
    });
    await send(client, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const signal = await asked.promise;
    expect(signal.aborted).toBe(false);
    client.abort();
    await vi.waitFor(() => expect(signal.aborted).toBe(true));
  });

  describe('with a client that comes to a halt', () => {
    afterEach(() => {
      vi.useRealTimers();
    });

    it.each([
      ['within its head', 'GET / HT', 408],
      ['within its body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf', 408],
    ])('%s, says so', async (_, text, status) => {
      vi.useFakeTimers();
      const { client } = start(echo, { pauseMilliseconds: 50 });
      await send(client, text);
      await vi.advanceTimersByTimeAsync(60);
      const answer = receiveAll(client);
      await vi.advanceTimersByTimeAsync(5000);
      expect(await answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    });

    it('between requests, ends', async () => {
      vi.useFakeTimers();
      const { client, served } = start(hello, { idleMilliseconds: 50 });
      await vi.advanceTimersByTimeAsync(60);
      expect(await receiveAll(client)).toBe('');
      await vi.advanceTimersByTimeAsync(5000);
      await served;
    });
  });
});
