import { describe, expect, it } from 'vitest';
import { meaningOf } from './endpoints.ts';

describe('meaningOf', () => {
  it.each([
    ['HEAD', '/_ping', 'Is the daemon there'],
    ['GET', '/v1.47/containers/json?all=1', 'List containers'],
    ['GET', '/v1.47/containers/web/json', 'All about one container'],
    ['POST', '/v1.47/containers/create?name=web', 'Create a container'],
    ['GET', '/v1.47/images/registry.test:5000/a/b:latest/json', 'All about one image'],
    ['DELETE', '/v1.47/containers/abc?force=1', 'Remove the container'],
    ['GET', '/v1.47/images/search?term=nginx', 'Search the registry'],
    ['GET', '/v1.47/images/library/nginx:1.26/history', 'From which instructions'],
    ['GET', '/v1.47/distribution/registry.test/a/b:1/json', 'in its registry'],
    ['GET', '/v1.47/containers/web/changes', 'Which files differ'],
    ['POST', '/v1.47/build/prune?all=1', 'cache'],
    ['POST', '/v1.47/networks/prune', 'Remove networks'],
    ['POST', '/v1.47/volumes/prune?filters=%7B%7D', 'Remove volumes'],
    ['GET', '/v1.47/plugins', 'plugins'],
    ['POST', '/exec/abc/start', 'Run the prepared command'],
  ])('explains %s %s', (method, path, meaning) => {
    expect(meaningOf(method, path)?.en).toContain(meaning);
    expect(meaningOf(method, path)?.['zh-cn']).toMatch(/\p{Script=Han}/u);
  });

  it('does not explain what it does not know', () => {
    expect(meaningOf('GET', '/nowhere')).toBeUndefined();
    expect(meaningOf('PATCH', '/containers/json')).toBeUndefined();
  });
});
