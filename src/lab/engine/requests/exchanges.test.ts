import { describe, expect, it } from 'vitest';
import { bodyText, type Exchange, ExchangeLog } from './exchanges.ts';
import { FrameReader, type RelayFrame } from './relay.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function play(...frames: [connection: number, kind: RelayFrame['kind'], at: number, text: string][]): Exchange[] {
  const seen = new Map<number, Exchange>();
  const log = new ExchangeLog((exchange) => seen.set(exchange.id, exchange));
  for (const [connection, kind, at, text] of frames) log.push({ connection, kind, at, bytes: encode(text) });
  return [...seen.values()];
}

describe('FrameReader', () => {
  it('reads frames however they are cut', () => {
    const bytes = encode('1 o 5 6\ndocker1 > 7 4\nGET 2 x 9 0\n');
    for (const size of [1, 3, bytes.length]) {
      const reader = new FrameReader();
      const frames: RelayFrame[] = [];
      for (let at = 0; at < bytes.length; at += size) frames.push(...reader.push(bytes.slice(at, at + size)));
      expect(frames.map(({ connection, kind, at, bytes: data }) => [connection, kind, at, new TextDecoder().decode(data)])).toEqual([
        [1, 'open', 5, 'docker'], [1, 'request', 7, 'GET '], [2, 'closed', 9, ''],
      ]);
    }
  });
});

describe('ExchangeLog', () => {
  it('puts several requests of a connection and their answers together', () => {
    const exchanges = play(
      [1, 'open', 0, 'docker'],
      [1, 'request', 10, 'HEAD /_ping HTTP/1.1\r\nHost: api\r\n\r\n'],
      [1, 'response', 14, 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nApi-Version: 1.51\r\n\r\n'],
      [1, 'request', 20, 'POST /v1.47/containers/create?name=web HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n{"Image":'],
      [1, 'request', 21, '"nginx"}'],
      [1, 'response', 90, 'HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{"Id":"a"}'],
    );
    expect(exchanges).toMatchObject([
      { program: 'docker', method: 'HEAD', path: '/_ping', status: 200, milliseconds: 4 },
      { method: 'POST', path: '/v1.47/containers/create?name=web', status: 201, milliseconds: 70 },
    ]);
    expect(bodyText(exchanges[1]?.requestType ?? '', exchanges[1]?.requestBody ?? { pieces: [], bytes: 0 })).toBe('{\n  "Image": "nginx"\n}');
    expect(exchanges[1]?.answerBody.bytes).toBe(10);
  });

  it('reads chunks, cut anywhere', () => {
    const answer = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n[1,2\r\n2\r\n,3\r\n1\r\n]\r\n0\r\n\r\n';
    for (const size of [1, 7, answer.length]) {
      const pieces: [number, RelayFrame['kind'], number, string][] = [];
      for (let at = 0; at < answer.length; at += size) pieces.push([1, 'response', 5, answer.slice(at, at + size)]);
      const [exchange] = play([1, 'open', 0, 'curl'], [1, 'request', 1, 'GET /images/json HTTP/1.1\r\n\r\n'], ...pieces);
      expect(exchange).toMatchObject({ status: 200, milliseconds: 4, answerBody: { bytes: 7 } });
      expect(bodyText('application/json', exchange?.answerBody ?? { pieces: [], bytes: 0 })).toBe('[\n  1,\n  2,\n  3\n]');
    }
  });

  it('takes an upgraded connection for the stream it is, until it closes', () => {
    const [exchange] = play(
      [1, 'open', 0, 'docker'],
      [1, 'request', 1, 'POST /v1.47/containers/a/attach?stream=1 HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n\r\n'],
      [1, 'response', 2, 'HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n'],
      [1, 'response', 3, 'hello'],
      [1, 'closed', 30, ''],
    );
    expect(exchange).toMatchObject({ status: 101, upgraded: true, answerBody: { bytes: 5 }, milliseconds: 29 });
  });

  it('says what it could not follow to its end', () => {
    const [exchange] = play([1, 'open', 0, 'docker'], [1, 'request', 1, 'POST /build HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab'], [1, 'cut', 3, '']);
    expect(exchange).toMatchObject({ cut: true });
    expect(exchange?.milliseconds).toBeUndefined();
  });
});
