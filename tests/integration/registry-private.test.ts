/** A private registry on the real engine: the program of the image `registry:2`, with a password, and a push of up to 50 MB. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startMachine, type TestMachine } from '../support/machine.ts';
import { readRegistryIndex } from '../support/registry.ts';
import { dockerArchive, imageOf } from '../support/registry-archive.ts';
import { today } from '../support/today.ts';

/** Of the user `captain` with the password `secret`, as `htpasswd -B` writes it. */
const passwordLine = 'captain:$2y$05$Ngcd4DTSo7v.9jzHBYtY0.Z4jjspeYnf9WFqPD3EQ3F9XqpsFble2';
/** 50 MB there and back take six minutes, so that a run has them every third day, as it has other exercises each day. Less goes the same way. */
const megabytes = today % 3 === 1 ? 50 : 10;

let machine: TestMachine;

const run = (command: string) => machine.learner(`{ ${command}; } 2>&1 || true`);

beforeAll(async () => {
  const index = await readRegistryIndex();
  machine = await startMachine();
  // Pulling is looked at elsewhere. Its base is in the machine.
  const known = new Set(imageOf(index, 'debian').layers.map(({ digest }) => digest));
  await machine.learner('docker load', { input: await dockerArchive(index, 'registry:2', known) });
  await machine.learner(`echo '${passwordLine}' > htpasswd
    docker run -d --name registry -p 5000:5000 -v "$PWD/htpasswd:/auth/htpasswd:ro" \\
      -e REGISTRY_AUTH=htpasswd -e REGISTRY_AUTH_HTPASSWD_REALM=harbour -e REGISTRY_AUTH_HTPASSWD_PATH=/auth/htpasswd registry:2`);
  await eventually(async () => expect(await run("curl -s -o /dev/null -w '%{http_code}' localhost:5000/v2/")).toBe('401'), 120_000);
});
afterAll(() => machine?.stop());

it('lets nobody in without the right password', async () => {
  await machine.learner('docker tag busybox localhost:5000/tools:1');
  expect(await run('docker push localhost:5000/tools:1')).toContain('no basic auth credentials');
  expect(await run('echo wrong | docker login -u captain --password-stdin localhost:5000')).toContain('401 Unauthorized');
  expect(await run('echo secret | docker login -u captain --password-stdin localhost:5000')).toContain('Login Succeeded');
});

it(`takes a push of ${megabytes} MB and gives the same image back`, async () => {
  // Bytes that do not compress, as a layer of their own.
  await machine.learner(`head -c ${megabytes}000000 /dev/urandom > big && tar cf - big | docker import - localhost:5000/big:1 && rm big`);
  const before = await machine.learner('docker image inspect -f "{{.Id}}" localhost:5000/big:1');
  expect(await run('docker push localhost:5000/big:1')).toMatch(/^1: digest: sha256:[0-9a-f]{64} size: \d+$/m);
  expect(await run('curl -s -u captain:secret localhost:5000/v2/_catalog')).toBe('{"repositories":["big"]}');
  await machine.learner('docker rmi localhost:5000/big:1');
  expect(await run('docker pull localhost:5000/big:1')).toContain('Downloaded newer image for localhost:5000/big:1');
  expect(await machine.learner('docker image inspect -f "{{.Id}}" localhost:5000/big:1')).toBe(before);
});
