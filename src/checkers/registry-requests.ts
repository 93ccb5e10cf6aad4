/** Which of the requests to registries an assertion is about. */
import type { TemplateValues } from '../shared/locale.ts';
import { readRegistryRequest } from '../shared/registry-request.ts';
import type { LookOf } from './assertions.ts';
import type { SeenRequest } from './history.ts';

/** Values for the message of each that matches, the newest first. An answer that broke off was not given. */
export function findRequests(requests: readonly SeenRequest[], where: LookOf<'registry-request'>['where']): TemplateValues[] {
  return requests.filter((request) => matches(request, where)).map(({ host, path }) => ({ host, name: readRegistryRequest(path).name })).reverse();
}

function matches(request: SeenRequest, { host, kind, name, reference, status, minBytes }: LookOf<'registry-request'>['where']): boolean {
  const asked = readRegistryRequest(request.path);
  return (
    request.complete &&
    (host === undefined || request.host === host) &&
    (kind === undefined || asked.kind === kind) &&
    (name === undefined || asked.name === name) &&
    (reference === undefined || asked.reference === reference) &&
    (status === undefined || request.status === status) &&
    (minBytes === undefined || request.bytes >= minBytes)
  );
}
