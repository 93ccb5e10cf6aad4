import { afterEach, describe, expect, it, vi } from 'vitest';
import { ask, blobs, digests, fetchBlob, index, manifestType } from '../testing/registry.ts';
import { throttle } from './blob-body.ts';
import { RegistryContent, type FetchBlob } from './content.ts';
import { distribution } from './distribution.ts';
import { openToAll } from './tokens.ts';

const content = new RegistryContent(index);
const registry = distribution({ content, fetchBlob, access: openToAll });
const unknownDigest = `sha256:${'0'.repeat(64)}`;
const errorOf = (code: string, message: string, detail: unknown = expect.anything()) => ({ errors: [{ code, message, detail }] });

describe('the distribution API', () => {
  it('says that it is there', async () => {
    const answer = await ask(registry, 'GET', '/v2/');
    expect(answer).toMatchObject({ status: 200, json: {} });
    expect(answer.headers.get('docker-distribution-api-version')).toBe('registry/2.0');
  });

  it.each(['latest', '2', digests.webManifest])('gives the manifest for %s', async (reference) => {
    const answer = await ask(registry, 'GET', `/v2/library/web/manifests/${reference}`, { Accept: `application/vnd.oci.image.index.v1+json, ${manifestType};q=0.9` });
    expect(answer).toMatchObject({ status: 200, body: 'content of webManifest' });
    expect(answer.headers.get('content-type')).toBe(manifestType);
    expect(answer.headers.get('docker-content-digest')).toBe(digests.webManifest);
  });

  it('describes a manifest without its content, and says when it has not changed', async () => {
    const head = await ask(registry, 'HEAD', '/v2/library/web/manifests/1');
    expect(head).toMatchObject({ status: 200, body: '' });
    expect(head.headers.get('content-length')).toBe('22');
    expect(head.headers.get('docker-content-digest')).toBe(digests.oldManifest);
    expect(await ask(registry, 'GET', '/v2/library/web/manifests/1', { 'If-None-Match': `"${digests.oldManifest}"` })).toMatchObject({ status: 304, body: '' });
  });

  it.each([
    ['library/web/manifests/9', 404, errorOf('MANIFEST_UNKNOWN', 'manifest unknown', { Tag: '9' })],
    ['library/web/manifests/constructor', 404, errorOf('MANIFEST_UNKNOWN', 'manifest unknown')],
    [`library/web/manifests/${digests.toolManifest}`, 404, errorOf('MANIFEST_UNKNOWN', 'manifest unknown')],
    ['library/none/manifests/latest', 404, errorOf('NAME_UNKNOWN', 'repository name not known to registry', { name: 'library/none' })],
    [`library/web/blobs/${unknownDigest}`, 404, errorOf('BLOB_UNKNOWN', 'blob unknown to registry')],
    [`team/tool/blobs/${digests.web}`, 404, errorOf('BLOB_UNKNOWN', 'blob unknown to registry')],
    ['library/web/blobs/latest', 400, errorOf('DIGEST_INVALID', 'provided digest did not match uploaded content')],
    ['Library/web/manifests/latest', 400, errorOf('NAME_INVALID', 'invalid repository name', null)],
    ['library/web/tags/list?n=x', 400, errorOf('PAGINATION_NUMBER_INVALID', 'invalid number of results requested')],
  ])('answers /v2/%s with %i and its code', async (path, status, json) => {
    expect(await ask(registry, 'GET', `/v2/${path}`)).toMatchObject({ status, json });
  });

  it('does not give a manifest of a kind that the client cannot read', async () => {
    const accept = { Accept: 'application/vnd.oci.image.manifest.v1+json' };
    expect(await ask(registry, 'GET', '/v2/library/web/manifests/latest', accept)).toMatchObject({ status: 404, json: errorOf('MANIFEST_UNKNOWN', 'manifest unknown') });
  });

  it('gives blobs, whole and in ranges', async () => {
    const path = `/v2/library/web/blobs/${digests.web}`;
    expect(await ask(registry, 'GET', path)).toMatchObject({ status: 200, body: 'content of web' });
    const rest = await ask(registry, 'GET', path, { Range: 'bytes=8-' });
    expect(rest).toMatchObject({ status: 206, body: 'of web' });
    expect(rest.headers.get('content-range')).toBe('bytes 8-13/14');
    expect((await ask(registry, 'GET', path, { Range: 'bytes=14-' })).status).toBe(416);
    expect((await ask(registry, 'GET', path, { Range: 'bytes=8-', 'If-Range': '"another"' })).status).toBe(200);
    expect((await ask(registry, 'HEAD', path)).headers.get('content-length')).toBe('14');
  });

  it('sends clients elsewhere for blobs where that is wanted', async () => {
    const elsewhere = distribution({ content, fetchBlob, access: openToAll, blobLocation: (digest) => `http://blobs.example/${digest}` });
    const answer = await ask(elsewhere, 'GET', `/v2/library/web/blobs/${digests.web}`);
    expect(answer.status).toBe(307);
    expect(answer.headers.get('location')).toBe(`http://blobs.example/${digests.web}`);
    expect((await ask(elsewhere, 'HEAD', `/v2/library/web/blobs/${digests.web}`)).status).toBe(200);
    expect((await ask(elsewhere, 'GET', `/v2/library/web/blobs/${unknownDigest}`)).status).toBe(404);
  });

  it('lists tags and repositories, in pages', async () => {
    expect((await ask(registry, 'GET', '/v2/library/web/tags/list')).json).toEqual({ name: 'library/web', tags: ['1', '2', 'latest'] });
    const first = await ask(registry, 'GET', '/v2/library/web/tags/list?n=2');
    expect(first.json).toEqual({ name: 'library/web', tags: ['1', '2'] });
    expect(first.headers.get('link')).toBe('</v2/library/web/tags/list?last=2&n=2>; rel="next"');
    const second = await ask(registry, 'GET', '/v2/library/web/tags/list?last=2&n=2');
    expect(second.json).toEqual({ name: 'library/web', tags: ['latest'] });
    expect(second.headers.get('link')).toBeUndefined();
    expect((await ask(registry, 'GET', '/v2/_catalog')).json).toEqual({ repositories: ['library/web', 'team/tool'] });
  });

  it('knows no referrers', async () => {
    const answer = await ask(registry, 'GET', `/v2/library/web/referrers/${digests.webManifest}`);
    expect(answer).toMatchObject({ status: 200, json: { manifests: [] } });
  });

  it.each([
    ['POST', '/v2/library/web/blobs/uploads/'],
    ['PUT', '/v2/library/web/manifests/latest'],
    ['DELETE', `/v2/library/web/manifests/${digests.webManifest}`],
    ['POST', '/v2/'],
  ])('takes nothing: %s %s', async (method, path) => {
    expect(await ask(registry, method, path)).toMatchObject({ status: 405, json: errorOf('UNSUPPORTED', 'The operation is unsupported.', null) });
  });

  it('says so when a manifest cannot be had, and breaks off when a layer cannot', async () => {
    const failing: FetchBlob = async function* (hex) {
      yield blobs.get(hex)?.subarray(0, 4) ?? new Uint8Array(0);
      throw new Error('the site is gone');
    };
    const broken = distribution({ content, fetchBlob: failing, access: openToAll });
    expect(await ask(broken, 'GET', '/v2/library/web/manifests/latest')).toMatchObject({ status: 503, json: errorOf('UNAVAILABLE', 'service unavailable', null) });
    await expect(ask(broken, 'GET', `/v2/library/web/blobs/${digests.web}`)).rejects.toMatchObject({ fault: 'reset' });
  });

  it('stops fetching when the client is gone, and asks only for what was asked for', async () => {
    const seen: unknown[] = [];
    const watched: FetchBlob = async function* (hex, { signal, range }) {
      seen.push(range);
      try {
        yield* fetchBlob(hex, { signal });
      } finally {
        seen.push('stopped');
      }
    };
    const options = { content, fetchBlob: watched, access: openToAll };
    await expect(ask(distribution(options), 'GET', `/v2/library/web/blobs/${digests.web}`, { Range: 'bytes=0-3' })).rejects.toBeDefined();
    expect(seen).toEqual([{ start: 0, end: 4 }, 'stopped']);
  });

  describe('slowed down', () => {
    afterEach(() => {
      vi.useRealTimers();
    });

    it('gives blobs piece by piece', async () => {
      vi.useFakeTimers();
      async function* body() {
        yield new Uint8Array(40_000);
      }
      const sizes: number[] = [];
      const reading = (async () => {
        for await (const piece of throttle(body(), 163_840)) sizes.push(piece.length);
      })();
      await vi.advanceTimersByTimeAsync(99);
      expect(sizes).toEqual([]);
      await vi.advanceTimersByTimeAsync(110);
      expect(sizes).toEqual([16_384, 16_384]);
      await vi.advanceTimersByTimeAsync(100);
      expect(sizes).toEqual([16_384, 16_384, 7232]);
      await reading;
    });
  });
});
