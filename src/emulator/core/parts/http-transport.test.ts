import { expect, it, vi } from 'vitest';
import { httpTransport } from './http-transport.ts';
import { PermanentFailure, type AttemptOptions } from './transport.ts';

const part = { path: 'parts/abc', bytes: 5, sha256: '' };

function get(response: Response, options: Partial<AttemptOptions> = {}): { result: Promise<Uint8Array>; fetchFunction: ReturnType<typeof vi.fn> } {
  const fetchFunction = vi.fn(async () => response);
  const transport = httpTransport('https://site.example/vm/manifest.json', fetchFunction);
  return { result: transport(part, { signal: new AbortController().signal, fresh: false, onBytes: () => undefined, ...options }), fetchFunction };
}

function body(...pieces: number[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start(controller) {
      for (const length of pieces) controller.enqueue(new Uint8Array(length).fill(length));
      controller.close();
    },
  });
}

it('fetches beside the manifest and counts bytes as they come', async () => {
  const counts: number[] = [];
  const { result, fetchFunction } = get(new Response(body(2, 3)), { onBytes: (received) => counts.push(received) });
  expect([...(await result)]).toEqual([2, 2, 3, 3, 3]);
  expect(counts).toEqual([2, 5]);
  expect(String(fetchFunction.mock.calls[0]?.[0])).toBe('https://site.example/vm/parts/abc');
  expect(fetchFunction.mock.calls[0]?.[1]).toMatchObject({ cache: 'default' });
});

it('goes past the caches when asked to', async () => {
  const { result, fetchFunction } = get(new Response(body(5)), { fresh: true });
  await result;
  expect(fetchFunction.mock.calls[0]?.[1]).toMatchObject({ cache: 'reload' });
});

it.each([
  ['too short', [4], 'ended after 4 of 5 bytes'],
  ['too long', [5, 1], 'more than the 5 bytes'],
])('refuses a body that is %s', async (_, pieces, message) => {
  await expect(get(new Response(body(...pieces))).result).rejects.toThrow(message);
});

it.each([
  [404, true],
  [403, true],
  [429, false],
  [503, false],
])('HTTP %i is final: %s', async (status, permanent) => {
  const error: unknown = await get(new Response(null, { status })).result.catch((reason: unknown) => reason);
  expect(error instanceof PermanentFailure).toBe(permanent);
  expect(String(error)).toContain(`HTTP ${status}`);
});
