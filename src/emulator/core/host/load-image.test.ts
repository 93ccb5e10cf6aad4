import { afterEach, expect, it, vi } from 'vitest';
import { loadManifest } from './load-image.ts';

const url = 'https://site.example/vm/manifest.json';
/** A server that takes the request and says nothing. */
const silent: typeof fetch = (_, init) => new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error)));

afterEach(() => {
  vi.restoreAllMocks();
});

it('does not wait for a manifest for ever', async () => {
  // Its timer is the platform's own, which fake timers do not reach.
  const limit = new AbortController();
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(limit.signal);
  const loading = loadManifest(url, new AbortController().signal, silent).catch((error: unknown) => error);
  expect(timeout).toHaveBeenCalledExactlyOnceWith(30_000);
  limit.abort(new DOMException('timed out', 'TimeoutError'));
  expect(await loading).toMatchObject({ kind: 'manifest-missing', params: { url } });
});

it('stops with the reason of whoever no longer wants it', async () => {
  const wanted = new AbortController();
  const loading = loadManifest(url, wanted.signal, silent).catch((error: unknown) => error);
  const reason = new Error('the page is left');
  wanted.abort(reason);
  expect(await loading).toBe(reason);
});

it('tells what the server answered, and what is wrong with what it sent', async () => {
  const answering = (response: Response): Promise<unknown> => loadManifest(url, new AbortController().signal, async () => response).catch((error: unknown) => error);
  expect(await answering(new Response('', { status: 404, statusText: 'Not Found' }))).toMatchObject({ kind: 'manifest-missing', params: { reason: expect.stringContaining('404') } });
  expect(await answering(new Response('<html>'))).toMatchObject({ kind: 'manifest-missing' });
  expect(await answering(Response.json({}))).toMatchObject({ kind: 'manifest-invalid' });
});
