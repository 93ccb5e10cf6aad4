import { describe, expect, it } from 'vitest';
import type { Connection } from '../../../network/connection.ts';
import { connectionPair } from '../../../network/testing/pair.ts';
import { receiveUntil, send } from '../../../network/testing/text.ts';
import { decodeUtf8, encodeUtf8 } from '../../../shared/bytes.ts';
import { acceptFor, MachineSocket, type SocketClosed } from './websocket.ts';
import { encodeFrame, FrameReader } from './websocket-frames.ts';

const never = new AbortController().signal;

/** What a server writes: not masked. */
function frame(kind: number, payload: Uint8Array | string, final = true): Uint8Array {
  const bytes = typeof payload === 'string' ? encodeUtf8(payload) : payload;
  const head = bytes.length < 126 ? [bytes.length] : bytes.length < 65_536 ? [126, bytes.length >> 8, bytes.length & 255] : [127, 0, 0, 0, 0, 0, bytes.length >> 16, (bytes.length >> 8) & 255, bytes.length & 255];
  return new Uint8Array([(final ? 0x80 : 0) | kind, ...head, ...bytes]);
}

/** Frames of the client, unmasked. */
async function received(server: Connection): Promise<{ kind: number; payload: Uint8Array }> {
  let bytes = new Uint8Array(0);
  for (;;) {
    const piece = await server.read();
    if (piece === undefined) throw new Error('the client ended');
    bytes = new Uint8Array([...bytes, ...piece]);
    const short = (bytes[1] ?? 0) & 127;
    const start = short < 126 ? 2 : short === 126 ? 4 : 10;
    const length = short < 126 ? short : short === 126 ? ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0) : new DataView(bytes.buffer).getUint32(6);
    if (bytes.length < start + 4 + length) continue;
    const mask = bytes.slice(start, start + 4);
    return { kind: (bytes[0] ?? 0) & 15, payload: bytes.slice(start + 4, start + 4 + length).map((byte, index) => byte ^ (mask[index & 3] ?? 0)) };
  }
}

async function opened(answer?: (key: string) => string) {
  const [client, server] = connectionPair();
  const messages: (string | Uint8Array)[] = [];
  const closed = Promise.withResolvers<SocketClosed>();
  const opening = MachineSocket.open(
    client,
    { url: new URL('ws://localhost:8080/chat?room=1'), origin: 'http://localhost:8080', protocols: ['a', 'b'], headers: [['Cookie', 'sid=1']] },
    { message: (data) => messages.push(data), closed: closed.resolve },
    never,
  );
  opening.catch(() => undefined);
  const request = await receiveUntil(server, '\r\n\r\n');
  const key = /Sec-WebSocket-Key: (\S+)/.exec(request)?.[1] ?? '';
  await send(server, answer?.(key) ?? `HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptFor(key)}\r\nSec-WebSocket-Protocol: b\r\n\r\n`);
  return { opening, server, request, messages, closed: closed.promise };
}

const until = async (done: () => boolean): Promise<void> => {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 1));
};

describe('MachineSocket', () => {
  it('knows the answer of the RFC', () => {
    expect(acceptFor('dGhlIHNhbXBsZSBub25jZQ==')).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
  });

  it('shakes hands and carries messages both ways', async () => {
    const { opening, server, request, messages } = await opened();
    const socket = await opening;
    expect(socket.protocol).toBe('b');
    expect(request).toMatch(/^GET \/chat\?room=1 HTTP\/1\.1\r\nHost: localhost:8080\r\n/);
    expect(request).toContain('Origin: http://localhost:8080\r\n');
    expect(request).toContain('Cookie: sid=1\r\n');
    await server.write(new Uint8Array([...frame(1, 'one '), ...frame(1, 'two', false), ...frame(9, 'still there?'), ...frame(0, ' three'), ...frame(2, new Uint8Array(70_000).fill(7))]));
    await until(() => messages.length === 3);
    expect(messages.slice(0, 2)).toEqual(['one ', 'two three']);
    expect(messages[2]).toHaveLength(70_000);
    expect(await received(server)).toMatchObject({ kind: 10, payload: encodeUtf8('still there?') });
    void socket.send('你好');
    expect(decodeUtf8((await received(server)).payload)).toBe('你好');
    void socket.send(new Uint8Array(300).fill(9));
    expect(await received(server)).toMatchObject({ kind: 2, payload: new Uint8Array(300).fill(9) });
  });

  it('closes cleanly from either side', async () => {
    const first = await opened();
    (await first.opening).close(4000, 'done');
    const { kind, payload } = await received(first.server);
    expect([kind, payload[0], payload[1], decodeUtf8(payload.subarray(2))]).toEqual([8, 0x0f, 0xa0, 'done']);
    await first.server.write(frame(8, payload));
    expect(await first.closed).toEqual({ code: 4000, reason: 'done', clean: true });

    const second = await opened();
    await second.opening;
    await second.server.write(frame(8, new Uint8Array([3, 232])));
    expect((await received(second.server)).kind).toBe(8);
    void second.server.end();
    expect(await second.closed).toEqual({ code: 1000, reason: '', clean: true });
  });

  it('tells a connection that breaks', async () => {
    const { opening, server, closed } = await opened();
    await opening;
    server.abort();
    expect(await closed).toEqual({ code: 1006, reason: '', clean: false });
  });

  it.each([
    ['a masked frame', () => encodeFrame(1, encodeUtf8('x'), new Uint8Array(4)), 1002],
    ['reserved bits', () => new Uint8Array([0xf1, 0]), 1002],
    ['a stray continuation', () => frame(0, 'x'), 1002],
    ['a message within another', () => new Uint8Array([...frame(1, 'x', false), ...frame(1, 'y')]), 1002],
    ['text that is not UTF-8', () => frame(1, new Uint8Array([0xff])), 1007],
    ['a giant', () => new Uint8Array([0x82, 127, 0, 0, 1, 0, 0, 0, 0, 0]), 1009],
  ])('ends at %s', async (_, bytes, code) => {
    const { opening, server, closed } = await opened();
    await opening;
    await server.write(bytes());
    expect(await closed).toMatchObject({ code, clean: false });
  });

  it.each([
    ['another status', () => 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
    ['a wrong key', () => 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n'],
    ['an unasked protocol', (key: string) => `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${acceptFor(key)}\r\nSec-WebSocket-Protocol: c\r\n\r\n`],
  ])('refuses %s', async (_, answer) => {
    const { opening } = await opened(answer);
    await expect(opening).rejects.toThrow('the server answered');
  });
});

it('FrameReader takes bytes in any pieces', () => {
  const bytes = new Uint8Array([...frame(1, 'hello'), ...frame(2, new Uint8Array(200)), ...frame(9, '')]);
  const reader = new FrameReader(1000);
  const frames = [...bytes].flatMap((byte) => reader.push(new Uint8Array([byte])));
  expect(frames.map(({ opcode, payload }) => [opcode, payload.length])).toEqual([[1, 5], [2, 200], [9, 0]]);
});
