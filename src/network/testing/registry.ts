/** A small registry: two repositories with a shared layer. Its digests are made up: nobody here verifies them. */
import { concatBytes, decodeUtf8, encodeUtf8 } from '../../shared/bytes.ts';
import type { RegistryIndex } from '../../shared/registry.ts';
import type { Connection } from '../connection.ts';
import { HttpClientConnection } from '../http/client.ts';
import { serveHttp, type HttpHandler } from '../http/server.ts';
import type { FetchBlob } from '../registry/content.ts';
import { connectionPair } from './pair.ts';

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
export const manifestType = 'application/vnd.docker.distribution.manifest.v2+json';
export const digests = { webManifest: digest('a'), oldManifest: digest('b'), toolManifest: digest('c'), config: digest('d'), base: digest('1'), web: digest('2') };

/** Content of each blob, by the hash in its digest. */
export const blobs = new Map(Object.entries(digests).map(([name, value]) => [value.slice(7), encodeUtf8(`content of ${name}`)]));

function described(value: string) {
  return { digest: value, bytes: blobs.get(value.slice(7))?.length ?? 0 };
}

function image(manifest: string, layers: readonly string[]): RegistryIndex['images'][string] {
  return {
    manifest: described(manifest),
    mediaType: manifestType,
    config: described(digests.config),
    layers: layers.map((layer) => ({ ...described(layer), createdBy: 'test', unpackedBytes: 1 })),
    created: '2026-01-01T00:00:00Z',
  };
}

const text = (en: string) => ({ en, 'zh-cn': en });

export const index: RegistryIndex = {
  schema: 1,
  repositories: [
    { name: 'library/web', description: text('A web server.'), official: true, stars: 10, tags: { latest: digests.webManifest, '2': digests.webManifest, '1': digests.oldManifest } },
    { name: 'team/tool', description: text('Tools for the web.'), official: false, stars: 90, tags: { latest: digests.toolManifest } },
  ],
  images: {
    [digests.webManifest]: image(digests.webManifest, [digests.base, digests.web]),
    [digests.oldManifest]: image(digests.oldManifest, [digests.base]),
    [digests.toolManifest]: image(digests.toolManifest, [digests.base]),
  },
};

export const fetchBlob: FetchBlob = async function* (hex, { range }) {
  const bytes = blobs.get(hex);
  if (bytes === undefined) throw new Error('no such file');
  // In two pieces.
  const piece = bytes.subarray(range?.start ?? 0, range?.end ?? bytes.length);
  yield piece.subarray(0, 3);
  yield piece.subarray(3);
};

export interface Answer {
  readonly status: number;
  readonly headers: { get(name: string): string | undefined };
  readonly body: string;
  /** The body, if it is an object in JSON. */
  readonly json: unknown;
}

/** Asks on a fresh connection. */
export async function askOn(connection: Connection, method: string, target: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const http = new HttpClientConnection(connection);
  const response = await http.request({ method, target, headers: { Host: 'registry.example', ...headers } });
  const parts: Uint8Array[] = [];
  for await (const part of response.body) parts.push(part);
  http.close();
  const body = decodeUtf8(concatBytes(parts));
  const json: unknown = body.startsWith('{') ? JSON.parse(body) : undefined;
  return { status: response.status, headers: response.headers, body, json };
}

export function ask(handler: HttpHandler, method: string, target: string, headers?: Readonly<Record<string, string>>): Promise<Answer> {
  const [near, far] = connectionPair();
  serveHttp(handler)(far).catch(() => undefined);
  return askOn(near, method, target, headers);
}
