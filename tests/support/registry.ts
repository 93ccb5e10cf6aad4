/** The published registry for tests in Node: its files come from public/registry instead of over HTTP. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostDeclaration } from '../../src/network/connection.ts';
import type { RegistryAccess } from '../../src/network/registry/access-log.ts';
import type { FetchBlob } from '../../src/network/registry/content.ts';
import { registryHosts } from '../../src/network/registry/hosts.ts';
import { Authority } from '../../src/network/tls/authority.ts';
import type { ImageManifest } from '../../src/shared/manifest.ts';
import { registryIndexSchema, type RegistryIndex } from '../../src/shared/registry.ts';
import { blobsOf } from './blobs.ts';

export const registryFolder = join(import.meta.dirname, '../../public/registry');

export async function readRegistryIndex(): Promise<RegistryIndex> {
  return registryIndexSchema.parse(JSON.parse(await readFile(join(registryFolder, 'index.json'), 'utf8')));
}

/** Bytes of a published blob, or of a range of it. */
export const publishedBlob = blobsOf(registryFolder);

export interface RegistryOptions {
  readonly index: RegistryIndex;
  readonly onAccess: (access: RegistryAccess) => void;
  /** `publishedBlob` unless given. */
  readonly fetchBlob?: FetchBlob;
}

/** For `startMachine`. */
export function publishedRegistry(options: RegistryOptions): (manifest: ImageManifest) => HostDeclaration[] {
  return (manifest) => registryHosts({ fetchBlob: publishedBlob, ...options, authority: new Authority(manifest.authority) });
}
