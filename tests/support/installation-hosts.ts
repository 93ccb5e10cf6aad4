/** What is around a host on which learners install Docker, for tests in Node: package repositories, and registries to pull from. */
import type { HostDeclaration } from '../../src/network/connection.ts';
import type { RegistryAccess } from '../../src/network/registry/access-log.ts';
import type { ImageManifest } from '../../src/shared/manifest.ts';
import { publishedPackages, readPackagesIndex } from './packages.ts';
import { publishedRegistry, readRegistryIndex } from './registry.ts';

const packages = publishedPackages(await readPackagesIndex());
const index = await readRegistryIndex();

/** For `startMachine`. */
export function installationHosts(onAccess: (access: RegistryAccess) => void = () => undefined): (manifest: ImageManifest) => HostDeclaration[] {
  const registry = publishedRegistry({ index, onAccess });
  return (manifest) => [...packages(manifest), ...registry(manifest)];
}
