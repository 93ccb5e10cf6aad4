/** The published package repositories for tests in Node: their files come from public/packages instead of over HTTP. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostDeclaration } from '../../src/network/connection.ts';
import { packageHosts } from '../../src/network/packages/hosts.ts';
import { Authority } from '../../src/network/tls/authority.ts';
import type { ImageManifest } from '../../src/shared/manifest.ts';
import { packagesIndexSchema, type PackagesIndex } from '../../src/shared/packages.ts';
import { blobsOf } from './blobs.ts';

const packagesFolder = join(import.meta.dirname, '../../public/packages');

export async function readPackagesIndex(): Promise<PackagesIndex> {
  return packagesIndexSchema.parse(JSON.parse(await readFile(join(packagesFolder, 'index.json'), 'utf8')));
}

/** For `startMachine`. */
export function publishedPackages(index: PackagesIndex): (manifest: ImageManifest) => HostDeclaration[] {
  return ({ authority }) => packageHosts({ index, fetchBlob: blobsOf(packagesFolder), authority: new Authority(authority) });
}
