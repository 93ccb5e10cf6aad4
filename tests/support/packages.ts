/** The published package repositories for tests in Node: their files come from public/packages instead of over HTTP. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostDeclaration } from '../../src/network/connection.ts';
import { packageHosts } from '../../src/network/packages/hosts.ts';
import type { FetchBlob } from '../../src/network/registry/content.ts';
import { Authority } from '../../src/network/tls/authority.ts';
import type { ImageManifest } from '../../src/shared/manifest.ts';
import { packagesIndexSchema, type PackagesIndex } from '../../src/shared/packages.ts';

const packagesFolder = join(import.meta.dirname, '../../public/packages');

export async function readPackagesIndex(): Promise<PackagesIndex> {
  return packagesIndexSchema.parse(JSON.parse(await readFile(join(packagesFolder, 'index.json'), 'utf8')));
}

const publishedFile: FetchBlob = (hex, { signal, range }) => {
  const bounds = range === undefined ? {} : { start: range.start, end: range.end - 1 };
  return createReadStream(join(packagesFolder, 'blobs', hex), { ...bounds, signal, highWaterMark: 65_536 });
};

/** For `startMachine`. */
export function publishedPackages(index: PackagesIndex): (manifest: ImageManifest) => HostDeclaration[] {
  return ({ authority }) => packageHosts({ index, fetchBlob: publishedFile, authority: new Authority(authority) });
}
