/** The public registry on the real engine: what learners type, and what they read when it cannot be. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RegistryAccess } from '../../src/network/registry/access-log.ts';
import { registryPlaces } from '../../src/network/registry/hosts.ts';
import type { RegistryIndex } from '../../src/shared/registry.ts';
import { eventually } from '../support/eventually.ts';
import { startMachine, type TestMachine } from '../support/machine.ts';
import { publishedBlob, publishedRegistry, readRegistryIndex } from '../support/registry.ts';

/** Of two megabytes at most: how long a large one takes is measured elsewhere. */
const repository = { name: 'library/whoami', tag: 'v1' } as const;
/** Its only layer is in no image that the machine has from the start, so that it is downloaded whenever the image is gone. */
const ownLayer = 'busybox:1.35';

let machine: TestMachine;
let index: RegistryIndex;
let digest: string;
const log: RegistryAccess[] = [];
/** Changes the bytes of layers on their way. */
let tamper: ((piece: Uint8Array, offset: number) => Uint8Array) | undefined;

beforeAll(async () => {
  index = await readRegistryIndex();
  digest = index.repositories.find(({ name }) => name === repository.name)?.tags[repository.tag] ?? '';
  const layers = new Set(Object.values(index.images).flatMap((image) => image.layers.map((layer) => layer.digest.slice(7))));
  const hosts = publishedRegistry({
    index,
    onAccess: (access) => log.push(access),
    async *fetchBlob(hex, options) {
      let offset = options.range?.start ?? 0;
      for await (const piece of publishedBlob(hex, options)) {
        yield tamper !== undefined && layers.has(hex) ? tamper(piece, offset) : piece;
        offset += piece.length;
      }
    },
  });
  machine = await startMachine({ hosts });
  // The engine gives a registry 15 s to answer. On two busy cores its very first TLS handshake may take longer; then one
  // asks again, as a learner would.
  for (let attempt = 1; attempt < 4 && (await run('docker pull whoami:none')).includes('Client.Timeout'); attempt++);
});
afterAll(() => machine?.stop());

beforeEach(() => {
  log.length = 0;
  tamper = undefined;
});

/** What the command prints on both outputs, whatever its exit code. */
const run = (command: string) => machine.learner(`{ ${command}; } 2>&1 || true`);
const asked = () => log.map(({ host, method, path, status }) => `${method} ${host}${path.replace(/\?.*/, '').replace(/sha256:[0-9a-f]{64}/, 'DIGEST')} ${status}`);

describe('docker pull', () => {
  it('reaches what it believes is the public hub, in the steps of the real one', async () => {
    const printed = await run('docker pull whoami:v1');
    expect(printed).toMatch(/^v1: Pulling from library\/whoami\n/);
    expect(printed).toMatch(/[0-9a-f]{12}: Pull complete/);
    expect(printed).toContain(`Digest: ${digest}\nStatus: Downloaded newer image for whoami:v1\ndocker.io/library/whoami:v1`);
    expect(asked()).toEqual(
      expect.arrayContaining([
        'GET registry-1.docker.io/v2/ 401',
        'GET auth.docker.io/token 200',
        'HEAD registry-1.docker.io/v2/library/whoami/manifests/v1 200',
        'GET registry-1.docker.io/v2/library/whoami/manifests/DIGEST 200',
        'GET registry-1.docker.io/v2/library/whoami/blobs/DIGEST 307',
        'GET blobs.drydock.example/blobs/DIGEST 200',
      ]),
    );
    expect((await machine.engine.inspectImage('whoami:v1'))?.Id).toBe(index.images[digest]?.config.digest);
  });

  it('pulls by digest what it has, and shares the layers of other tags', async () => {
    expect(await run(`docker pull whoami@${digest}`)).toContain('Status: Image is up to date for whoami@');
    log.length = 0;
    const second = await run('docker pull whoami:v2');
    expect(second).toContain('Already exists');
    expect(second).toContain('Status: Downloaded newer image for whoami:v2');
    expect(asked().filter((line) => line.startsWith(`GET ${registryPlaces.blobs.name}`))).toHaveLength(1);
  });

  it.each([
    ['docker pull nosuch', "Error response from daemon: pull access denied for nosuch, repository does not exist or may require 'docker login': denied: requested access to the resource is denied"],
    ['docker pull whoami:v9', 'Error response from daemon: manifest for whoami:v9 not found: manifest unknown: manifest unknown'],
    ['echo secret | docker login -u me --password-stdin', 'unauthorized: incorrect username or password'],
    ['docker tag whoami:v1 me/whoami; docker push me/whoami; docker rmi me/whoami', 'denied: requested access to the resource is denied'],
  ])('fails in the words of the real one: %s', async (command, words) => {
    expect(await run(command)).toContain(words);
  });

  it('goes on where a download broke off', async () => {
    let broken = 0;
    tamper = (piece, offset) => {
      if (broken === 0 && offset > 500_000) throw new Error(`broken ${(broken = offset)}`);
      return piece;
    };
    expect(await run(`docker pull ${ownLayer}`)).toContain(`Downloaded newer image for ${ownLayer}`);
    expect(broken).toBeGreaterThan(0);
    expect(log.some(({ complete, host }) => !complete && host === registryPlaces.blobs.name)).toBe(true);
    expect(asked()).toContain('GET blobs.drydock.example/blobs/DIGEST 206');
    await machine.learner(`docker rmi ${ownLayer}`);
  });

  it('refuses a layer that is not what its digest says', async () => {
    tamper = (piece, offset) => (offset === 0 ? piece.map((byte, at) => (at === 100 ? byte ^ 1 : byte)) : piece);
    expect(await run(`docker pull ${ownLayer}`)).toContain('filesystem layer verification failed for digest sha256:');
    expect(await machine.engine.inspectImage(ownLayer)).toBeNull();
  });

  it('tells that the disk is full, leaves nothing behind, and works again with room', async () => {
    await machine.root('mount -t tmpfs -o size=512k tmpfs /var/lib/docker/tmp');
    expect(await run(`docker pull ${ownLayer}`)).toContain('no space left on device');
    expect(await machine.engine.inspectImage(ownLayer)).toBeNull();
    expect(await machine.root('ls /var/lib/docker/tmp')).toBe('');
    await machine.root('umount /var/lib/docker/tmp');
    expect(await run(`docker pull ${ownLayer}`)).toContain(`Downloaded newer image for ${ownLayer}`);
    await machine.learner(`docker rmi ${ownLayer}`);
  });

  it.each([
    ['docker pull nosuch.example/thing', 'no such host'],
    ['docker pull 203.0.113.9:5000/thing', 'unreachable'],
    ['curl -sS http://nosuch.example/', 'Could not resolve host'],
    ['curl -sS -m 10 http://203.0.113.9/', 'Could not connect to server'],
  ])('is told soon that there is no such place: %s', async (command, words) => {
    expect((await run(command)).toLowerCase()).toContain(words.toLowerCase());
  });
});

describe('docker search', () => {
  it('finds what there is', async () => {
    const printed = await run('docker search nginx');
    expect(printed).toMatch(/^NAME +DESCRIPTION +STARS +OFFICIAL\nnginx .*\[OK\]/);
    expect(asked()).toEqual(['GET index.docker.io/v1/search 200']);
  });
});

describe('registry mirrors', () => {
  it('serve in place of the hub: a dead one is passed over', async () => {
    const mirrors = [registryPlaces.deadMirror, registryPlaces.fastMirror].map(({ name }) => `http://${name}`);
    await machine.root(`cp /etc/docker/daemon.json /tmp/daemon.json
      jq '. + {"registry-mirrors": ${JSON.stringify(mirrors)}}' /tmp/daemon.json > /etc/docker/daemon.json
      systemctl reload docker`);
    await eventually(async () => expect(await run('docker info')).toContain(`Registry Mirrors:\n  ${mirrors.map((mirror) => `${mirror}/`).join('\n  ')}`));
    expect(await run(`docker pull ${ownLayer}`)).toContain(`Downloaded newer image for ${ownLayer}`);
    expect(new Set(log.map(({ host }) => host))).toEqual(new Set([registryPlaces.fastMirror.name]));
    expect(log.reduce((sum, { bytes }) => sum + bytes, 0)).toBeGreaterThan(1_000_000);
    await machine.root('cp /tmp/daemon.json /etc/docker/daemon.json; systemctl reload docker');
  });
});

describe('other programs of the machine', () => {
  it('trust the hosts, and see that they are ours', async () => {
    expect(await run(`curl -sS -o /dev/null -w '%{http_code} %{ssl_verify_result}' https://registry-1.docker.io/v2/`)).toBe('401 0');
    expect(await run(`curl -sSv https://registry-1.docker.io/v2/ 2>&1 | grep -i 'issuer:'`)).toContain('Drydock Offline CA');
  });
});
