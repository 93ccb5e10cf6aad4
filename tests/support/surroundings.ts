/** What is around the machine of an exercise: registries, and around a host package repositories too. */
import type { SeenRequest } from '../../src/checkers/history.ts';
import type { Exercise } from '../../src/checkers/schema.ts';
import { installationHosts } from './installation-hosts.ts';
import type { StartOptions } from './machine.ts';
import { publishedRegistry, readRegistryIndex } from './registry.ts';

const index = await readRegistryIndex();

/** For `startMachine`. @param onAccess is told of each request to a registry, as a learner's page is */
export function surroundingsOf({ host }: Pick<Exercise, 'host'>, onAccess: (access: SeenRequest) => void): StartOptions {
  return { host, hosts: host === 'machine' ? publishedRegistry({ index, onAccess }) : installationHosts(onAccess) };
}
