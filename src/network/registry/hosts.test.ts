import { describe, expect, it } from 'vitest';
import { ask, askOn, digests, fetchBlob, index, type Answer } from '../testing/registry.ts';
import { connectionPair } from '../testing/pair.ts';
import { Authority, deriveAuthority } from '../tls/authority.ts';
import { registryAccessSchema, type RegistryAccess } from './access-log.ts';
import { RegistryContent } from './content.ts';
import { distribution } from './distribution.ts';
import { registryHosts, registryPlaces } from './hosts.ts';
import { searchIndex } from './search.ts';
import { TokenServer } from './tokens.ts';

const content = new RegistryContent(index);

describe('the public registry', () => {
  const tokens = new TokenServer('https://auth.example/token', (name) => content.repository(name) !== undefined);
  const registry = distribution({ content, fetchBlob, access: tokens.rule });
  const tokenFor = async (...scopes: string[]) => {
    const { json } = await ask(tokens.handler, 'GET', `/token?service=registry.docker.io${scopes.map((scope) => `&scope=${encodeURIComponent(scope)}`).join('')}`);
    return { Authorization: `Bearer ${(json as { token: string }).token}` };
  };
  const challenge = (answer: Answer) => answer.headers.get('www-authenticate');

  it('sends a client without a token to the token server', async () => {
    const answer = await ask(registry, 'GET', '/v2/');
    expect(answer).toMatchObject({ status: 401, json: { errors: [{ code: 'UNAUTHORIZED', message: 'authentication required' }] } });
    expect(challenge(answer)).toBe('Bearer realm="https://auth.example/token",service="registry.docker.io"');
    const named = await ask(registry, 'GET', '/v2/library/web/manifests/latest');
    expect(challenge(named)).toBe('Bearer realm="https://auth.example/token",service="registry.docker.io",scope="repository:library/web:pull"');
  });

  it('lets anybody pull what exists', async () => {
    const both = await tokenFor('repository:library/web:pull', 'repository:team/tool:pull,push');
    expect((await ask(registry, 'GET', '/v2/', both)).status).toBe(200);
    expect((await ask(registry, 'GET', '/v2/library/web/manifests/latest', both)).status).toBe(200);
    expect((await ask(registry, 'GET', '/v2/team/tool/manifests/latest', both)).status).toBe(200);
    const one = await tokenFor('repository:library/web:pull');
    expect((await ask(registry, 'GET', '/v2/team/tool/manifests/latest', one)).status).toBe(401);
  });

  it('refuses what does not exist as it refuses what is not allowed', async () => {
    const answer = await ask(registry, 'GET', '/v2/library/none/manifests/latest', await tokenFor('repository:library/none:pull'));
    expect(answer.status).toBe(401);
    expect(challenge(answer)).toContain('scope="repository:library/none:pull",error="insufficient_scope"');
  });

  it('lets nobody push or list everything', async () => {
    const token = await tokenFor('repository:library/web:pull,push', 'registry:catalog:*');
    const push = await ask(registry, 'POST', '/v2/library/web/blobs/uploads/', token);
    expect(push.status).toBe(401);
    expect(challenge(push)).toContain('scope="repository:library/web:pull,push",error="insufficient_scope"');
    expect((await ask(registry, 'GET', '/v2/_catalog', token)).status).toBe(401);
  });

  it('knows no passwords and no made-up tokens', async () => {
    expect(await ask(tokens.handler, 'GET', '/token', { Authorization: 'Basic eDp5' })).toMatchObject({ status: 401, json: { details: 'incorrect username or password' } });
    expect((await ask(registry, 'GET', '/v2/', { Authorization: `Bearer ${'0'.repeat(64)}` })).status).toBe(401);
    expect((await ask(registry, 'GET', '/v2/', { Authorization: 'Basic eDp5' })).status).toBe(401);
  });
});

describe('the search', () => {
  const names = async (query: string) => ((await ask(searchIndex(content), 'GET', `/v1/search?${query}`)).json as { results: { name: string }[] }).results.map(({ name }) => name);

  it('finds by name and description: the one that is called so first, then by stars', async () => {
    expect(await names('q=web')).toEqual(['web', 'team/tool']);
    expect(await names('q=tool')).toEqual(['team/tool']);
    expect(await names('q=library%2Fweb')).toEqual(['web', 'team/tool']);
    expect(await names('q=nothing')).toEqual([]);
    expect(await names('q=web&n=1')).toEqual(['web']);
    expect(await names('q=web&n=1&page=2')).toEqual(['team/tool']);
  });

  it('says what the engine shows', async () => {
    expect((await ask(searchIndex(content), 'GET', '/v1/search?q=server')).json).toMatchObject({
      query: 'server',
      num_results: 1,
      results: [{ name: 'web', description: 'A web server.', star_count: 10, is_official: true, is_automated: false }],
    });
  });
});

describe('registryHosts', () => {
  const log: RegistryAccess[] = [];
  const hosts = registryHosts({ index, fetchBlob, authority: new Authority(deriveAuthority('test')), onAccess: (access) => log.push(access) });
  const hostOf = (name: string) => hosts.find((host) => host.names.includes(name));
  const askHost = (name: string, target: string, headers: Readonly<Record<string, string>> = {}) => {
    const handler = hostOf(name)?.ports.get(80);
    if (handler === undefined) throw new Error(`${name} does not listen`);
    const [near, far] = connectionPair();
    handler(far).catch(() => undefined);
    return askOn(near, 'GET', target, { Host: name, ...headers });
  };

  it('have addresses of their own', () => {
    expect(new Set(hosts.map((host) => host.address)).size).toBe(hosts.length);
    expect(hosts.flatMap((host) => host.names)).toEqual(Object.values(registryPlaces).map(({ name }) => name));
  });

  it('listen where the public ones do; a dead mirror does not', () => {
    for (const name of ['registry-1.docker.io', 'auth.docker.io', 'index.docker.io']) expect([...(hostOf(name)?.ports.keys() ?? [])]).toEqual([80, 443]);
    expect(hostOf(registryPlaces.deadMirror.name)?.ports.size).toBe(0);
  });

  it('send plain http to where it is secured', async () => {
    const answer = await askHost('index.docker.io', '/v1/search?q=web');
    expect(answer.status).toBe(301);
    expect(answer.headers.get('location')).toBe('https://index.docker.io/v1/search?q=web');
  });

  it('give layers to whoever knows their digest, and log it', async () => {
    log.length = 0;
    expect(await askHost('blobs.drydock.example', `/blobs/${digests.base}`, { Range: 'bytes=8-9' })).toMatchObject({ status: 206, body: 'of' });
    expect(await askHost('mirror.drydock.example', '/v2/library/web/manifests/9')).toMatchObject({ status: 404 });
    expect(log.map((access) => registryAccessSchema.parse(access))).toMatchObject([
      { host: 'blobs.drydock.example', method: 'GET', path: `/blobs/${digests.base}`, status: 206, bytes: 2, complete: true },
      { host: 'mirror.drydock.example', path: '/v2/library/web/manifests/9', status: 404, complete: true },
    ]);
    expect((await askHost('blobs.drydock.example', `/blobs/${digests.webManifest}`)).status).toBe(404);
    expect((await askHost('blobs.drydock.example', '/etc/passwd')).status).toBe(404);
  });
});
