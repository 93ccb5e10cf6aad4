/** What the preview stands on, with the real engine: which ports are published, their pages, and why one refuses. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CookieJar } from '../../src/lab/preview/net/cookie-jar.ts';
import { type FetchResponse, PreviewFetcher } from '../../src/lab/preview/net/fetcher.ts';
import { type PortNews, PortWatch } from '../../src/lab/preview/ports.ts';
import { eventually } from '../support/eventually.ts';
import { startMachine, type TestMachine } from '../support/machine.ts';

let machine: TestMachine;
let fetcher: PreviewFetcher;
const watch = new PortWatch();
const news: PortNews[] = [];
const stop = new AbortController();
let following: Promise<void>;

beforeAll(async () => {
  machine = await startMachine();
  const { guestAddress } = machine.manifest.machine.network;
  fetcher = new PreviewFetcher({
    network: { connect: (port) => machine.network.connect(guestAddress, port) },
    jar: new CookieJar(),
    refused: (port) => watch.refused(port),
    userAgent: 'Preview/1',
    languages: ['en'],
  });
  watch.onNews((item) => news.push(item));
  following = watch.follow(machine.engine, stop.signal);
});
afterAll(async () => {
  stop.abort();
  await following;
  await machine?.stop();
});

function get(address: string): Promise<FetchResponse> {
  return fetcher.fetch({ url: address, method: 'GET', headers: [], redirect: 'follow', credentials: true }, stop.signal);
}

async function textOf(response: FetchResponse): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of response.body) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

it('knows of a port when a container publishes it, and shows its pages', async () => {
  await expect(get('http://localhost:8080/')).rejects.toMatchObject({ kind: 'preview-nothing-published' });
  await machine.learner('docker run -d --name web -p 8080:80 -p 8081:81 -p 127.0.0.1:8082:80 nginx');
  await eventually(() => expect(watch.ports).toEqual([
    { port: 8080, inner: 80, container: 'web', loopbackOnly: false },
    { port: 8081, inner: 81, container: 'web', loopbackOnly: false },
    { port: 8082, inner: 80, container: 'web', loopbackOnly: true },
  ]));
  expect(news.at(-1)?.added.map(({ port }) => port)).toEqual([8080, 8081, 8082]);
  await eventually(async () => expect(await textOf(await get('http://localhost:8080/'))).toContain('Welcome to nginx!'));
  const missing = await get('http://127.0.0.1:8080/none');
  expect(missing.status).toBe(404);
  expect(await textOf(missing)).toContain('404');
});

it('brings large bodies, on connections that stay open', async () => {
  await machine.learner('docker exec web sh -c "head -c 3000000 /dev/zero > /usr/share/nginx/html/large.bin"');
  const { connections } = machine.network.counters;
  for (let count = 0; count < 3; count++) expect(await textOf(await get('http://localhost:8080/large.bin'))).toHaveLength(3_000_000);
  expect(machine.network.counters.connections).toBeLessThanOrEqual(Math.max(1, connections));
});

it('says why a port refuses', async () => {
  await expect(get('http://localhost:8081/')).rejects.toMatchObject({ kind: 'preview-not-listening', params: { container: 'web', inner: 81 } });
  await expect(get('http://localhost:8082/')).rejects.toMatchObject({ kind: 'preview-loopback-only' });
  await machine.learner('docker rm -f web');
  await eventually(() => expect(watch.ports).toEqual([]));
  await expect(get('http://localhost:8080/')).rejects.toMatchObject({ kind: 'preview-container-stopped', params: { container: 'web' } });
});
