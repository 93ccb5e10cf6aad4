/**
 * The hosts from which packages are installed: Docker's repository under the names that guides use, the archives of Debian
 * and CentOS under one of our own, and the installation script. Each serves files of the site, which are all there is.
 *
 * The lab's certificate authority vouches for the names, and the repositories' own signatures for what is in them.
 */
import type { PackageFile, PackageSite, PackagesIndex } from '../../shared/packages.ts';
import type { HostDeclaration } from '../connection.ts';
import { resourceResponse, type ByteRange } from '../http/range.ts';
import { serveHttp, type HttpHandler } from '../http/server.ts';
import { blobBody } from '../registry/blob-body.ts';
import type { FetchBlob } from '../registry/content.ts';
import type { Authority } from '../tls/authority.ts';
import { secured, toHttps, webPorts } from '../web-host.ts';

export interface PackageHostsOptions {
  readonly index: PackagesIndex;
  readonly fetchBlob: FetchBlob;
  readonly authority: Authority;
}

interface Place {
  readonly name: string;
  readonly address: string;
  readonly site: PackageSite;
  /** What stands before the site's own paths. */
  readonly prefix: string;
  /** Sends clients of plain http to https, as the real host does. Debian's archives serve both. */
  readonly httpsOnly: boolean;
}

/** Where they are: addresses of a range for documentation (RFC 5737), behind those of the registry. */
export const packagePlaces: readonly Place[] = [
  { name: 'download.docker.com', address: '198.51.100.30', site: 'docker', prefix: '', httpsOnly: true },
  { name: 'mirrors.aliyun.com', address: '198.51.100.31', site: 'docker', prefix: '/docker-ce', httpsOnly: false },
  { name: 'mirror.azure.cn', address: '198.51.100.32', site: 'docker', prefix: '/docker-ce', httpsOnly: false },
  { name: 'get.docker.com', address: '198.51.100.33', site: 'script', prefix: '', httpsOnly: false },
  { name: 'get.daocloud.io', address: '198.51.100.34', site: 'mirroredScript', prefix: '/docker', httpsOnly: false },
  { name: 'packages.drydock.example', address: '198.51.100.35', site: 'archive', prefix: '', httpsOnly: false },
];

export function packageHosts({ index, fetchBlob, authority }: PackageHostsOptions): HostDeclaration[] {
  return packagePlaces.map(({ name, address, site, prefix, httpsOnly }) => {
    const handler = fileServer(index.sites[site], prefix, fetchBlob);
    return {
      names: [name],
      address,
      ports: new Map([
        [webPorts.http, serveHttp(httpsOnly ? toHttps(name) : handler)],
        [webPorts.https, secured(authority, [name], serveHttp(handler))],
      ]),
    };
  });
}

/** Serves the files by their path; `prefix` with and without a slash at its end is the site's root. */
function fileServer(files: Readonly<Record<string, PackageFile>>, prefix: string, fetchBlob: FetchBlob): HttpHandler {
  return async (request) => {
    const inside = request.path.startsWith(prefix) ? decoded(request.path.slice(prefix.length)) : undefined;
    const path = inside === '' ? '/' : inside;
    const file = path !== undefined && Object.hasOwn(files, path) ? files[path] : undefined;
    if (file === undefined) return plain(404, `There is no ${request.path} here.`);
    if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, 'These files can only be read.');
    return resourceResponse(request, {
      length: file.bytes,
      etag: `"${file.sha256}"`,
      headers: { 'Content-Type': 'application/octet-stream' },
      open: (range) => fileBody(file, range, fetchBlob, request.signal),
    });
  };
}

/** Its parts one behind another, as far as the range has something of them. */
async function* fileBody(file: PackageFile, range: ByteRange, fetchBlob: FetchBlob, signal: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
  let at = 0;
  for (const { sha256, bytes } of file.parts ?? [file]) {
    const [start, end] = [Math.max(range.start - at, 0), Math.min(range.end - at, bytes)];
    if (start < end) yield* blobBody(fetchBlob, sha256, { start, end }, signal);
    at += bytes;
  }
}

/** apt escapes the `+` and `~` of versions. */
function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

function plain(status: number, text: string): Awaited<ReturnType<HttpHandler>> {
  return { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: `${text}\n` };
}
