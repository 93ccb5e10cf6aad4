import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../../shared/bytes.ts';
import type { Connection } from '../connection.ts';
import { connectionPair } from '../testing/pair.ts';
import { receiveAll, receiveUntil, send } from '../testing/text.ts';
import { HttpClientConnection, type ClientResponse } from './client.ts';
import { serveHttp, type HttpHandler } from './server.ts';

const headers = { Host: 'guest' };

async function textOf(response: ClientResponse): Promise<string> {
  let text = '';
  for await (const piece of response.body) text += decodeUtf8(piece);
  return text;
}

function against(handler: HttpHandler): HttpClientConnection {
  const [client, server] = connectionPair();
  serveHttp(handler)(server).catch(() => undefined);
  return new HttpClientConnection(client);
}

/** A client whose server is the test. */
function scripted(): { http: HttpClientConnection; server: Connection } {
  const [client, server] = connectionPair({ maximumRead: 7 });
  return { http: new HttpClientConnection(client), server };
}

const echo: HttpHandler = async ({ method, target, headers: got, body }) => {
  let text = `${method} ${target} ${got.get('content-length') ?? got.get('transfer-encoding') ?? '-'} `;
  for await (const piece of body) text += decodeUtf8(piece);
  return { status: 200, body: text };
};

describe('HttpClientConnection', () => {
  it('keeps the connection between requests', async () => {
    const http = against(echo);
    expect(await textOf(await http.request({ method: 'GET', target: '/1', headers }))).toBe('GET /1 - ');
    expect(http.idle).toBe(true);
    expect(await textOf(await http.request({ method: 'POST', target: '/2', headers, body: encodeUtf8('abc') }))).toBe('POST /2 3 abc');
    expect(await textOf(await http.request({ method: 'POST', target: '/3', headers }))).toBe('POST /3 0 ');
    expect(http.idle).toBe(true);
  });

  it('streams bodies both ways, with a length or in chunks', async () => {
    async function* body() {
      yield encodeUtf8('ab');
      yield encodeUtf8('c');
    }
    const http = against(echo);
    expect(await textOf(await http.request({ method: 'PUT', target: '/', headers, body: body() }))).toBe('PUT / chunked abc');
    expect(await textOf(await http.request({ method: 'PUT', target: '/', headers, body: body(), length: 3 }))).toBe('PUT / 3 abc');
    await expect(http.request({ method: 'PUT', target: '/', headers, body: body(), length: 9 })).rejects.toThrow('9 bytes');
  });

  it('passes interim answers over, and reads an answer that has no body', async () => {
    const { http, server } = scripted();
    const head = http.request({ method: 'HEAD', target: '/', headers });
    await receiveUntil(server, '\r\n\r\n');
    await send(server, 'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 Fine\r\nContent-Length: 99\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n\r\n');
    const response = await head;
    expect(response).toMatchObject({ status: 200, reason: 'Fine' });
    expect(response.headers.all('set-cookie')).toEqual(['a', 'b']);
    expect(await textOf(response)).toBe('');
    expect(http.idle).toBe(true);
  });

  it('takes an answer that comes before the request was sent, and then does not keep the connection', async () => {
    const { http, server } = scripted();
    const never = new Promise<never>(() => undefined);
    async function* body() {
      yield encodeUtf8('a');
      await never;
    }
    const refused = http.request({ method: 'POST', target: '/', headers, body: body() });
    await receiveUntil(server, '\r\n\r\n');
    await send(server, 'HTTP/1.1 413 Large\r\nContent-Length: 2\r\n\r\nno');
    const response = await refused;
    expect(response.status).toBe(413);
    expect(await textOf(response)).toBe('no');
    expect(http.idle).toBe(false);
  });

  it('reads a body that ends with the connection', async () => {
    const { http, server } = scripted();
    const asked = http.request({ method: 'GET', target: '/', headers });
    await send(server, 'HTTP/1.0 200 OK\r\n\r\nuntil the end');
    const ended = server.end();
    expect(await textOf(await asked)).toBe('until the end');
    await ended;
    expect(http.idle).toBe(false);
  });

  it('hands the connection over after an upgrade, with what came along', async () => {
    const { http, server } = scripted();
    const asked = http.request({ method: 'GET', target: '/', headers: { ...headers, Connection: 'Upgrade', Upgrade: 'websocket' } });
    expect(await receiveUntil(server, '\r\n\r\n')).toContain('Upgrade: websocket');
    await send(server, 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\nfirst');
    const { upgraded } = await asked;
    if (upgraded === undefined) throw new Error('not upgraded');
    expect(await receiveUntil(upgraded, 'first')).toBe('first');
    const ended = server.end();
    await send(upgraded, 'back');
    expect(await receiveAll(upgraded)).toBe('');
    await ended;
    const closed = upgraded.end();
    expect(await receiveAll(server)).toBe('back');
    await closed;
  });

  it('is broken off by its signal, at any time', async () => {
    const abort = new AbortController();
    const { http, server } = scripted();
    const asked = http.request({ method: 'GET', target: '/', headers }, abort.signal);
    await send(server, 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf');
    const reading = textOf(await asked);
    abort.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    await expect(receiveAll(server)).rejects.toMatchObject({ fault: 'reset' });

    await expect(scripted().http.request({ method: 'GET', target: '/', headers }, abort.signal)).rejects.toThrow('enough');
  });

  it('breaks the connection off when a body is left half-way', async () => {
    const { http, server } = scripted();
    const asked = http.request({ method: 'GET', target: '/', headers });
    await send(server, 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
    for await (const piece of (await asked).body) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
    expect(http.idle).toBe(false);
    await expect(receiveAll(server)).rejects.toMatchObject({ fault: 'reset' });
  });

  it.each([
    ['', 'ended before an answer'],
    ['SSH-2.0\r\n', 'starts with'],
    ['HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf', 'ends 5 bytes early'],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel', 'ends within a chunk'],
  ])('refuses the answer %j', async (text, reason) => {
    const { http, server } = scripted();
    const asked = http.request({ method: 'GET', target: '/', headers }).then(textOf);
    asked.catch(() => undefined);
    await send(server, text);
    server.end().catch(() => undefined);
    await expect(asked).rejects.toThrow(reason);
  });
});
